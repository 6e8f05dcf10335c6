import { describe, expect, it } from "vitest";
import { LambdaConfigError, lambdaSecret, lambdaSettings } from "./lambda-config.ts";

describe("a Lambda's settings", () => {
  it("are those that are asked for, whatever else is missing", () => {
    expect(
      lambdaSettings(["HILO_EVENTS_TABLE", "HILO_QUIET_MS", "HILO_PHONE_NUMBER_IDS", "HILO_GRAPH_URL"], {
        HILO_EVENTS_TABLE: "events",
        HILO_QUIET_MS: "700",
        HILO_PHONE_NUMBER_IDS: "1, 2",
      }),
    ).toEqual({
      HILO_EVENTS_TABLE: "events",
      HILO_QUIET_MS: 700,
      HILO_PHONE_NUMBER_IDS: ["1", "2"],
      HILO_GRAPH_URL: "https://graph.facebook.com",
    });
  });

  it("are refused by name, all at once, without what they are", () => {
    const read = () =>
      lambdaSettings(["HILO_EVENTS_TABLE", "HILO_KEYS_TABLE", "HILO_QUIET_MS"], {
        HILO_KEYS_TABLE: "",
        HILO_QUIET_MS: "a while",
      });
    expect(read).toThrow(LambdaConfigError);
    expect(read).toThrow(
      "HILO_EVENTS_TABLE: expected the table of events\n" +
        "HILO_KEYS_TABLE: expected the table of persons' keys\n" +
        "HILO_QUIET_MS: expected a whole number from 0 to 10000",
    );
  });

  it.each([
    { HILO_QUIET_MS: "10000", fine: true },
    { HILO_QUIET_MS: "10001", fine: false },
    { HILO_GRAPH_VERSION: "v26.0", fine: true },
    { HILO_GRAPH_VERSION: "26", fine: false },
    { HILO_GRAPH_URL: "ftp://example.com", fine: false },
    { HILO_PHONE_NUMBER_IDS: "1,+2", fine: false },
  ])("are checked: %o", ({ fine, ...env }) => {
    const names = Object.keys(env) as (keyof typeof env & "HILO_QUIET_MS")[];
    const read = () => {
      try {
        return Object.keys(lambdaSettings(names, env)).join();
      } catch (error) {
        return String(error);
      }
    };
    expect(read()).toMatch(fine ? new RegExp(`^${names[0]}$`) : `LambdaConfigError: ${names[0]}: expected`);
  });
});

describe("a Lambda's secrets", () => {
  it("are read from what SST links", () => {
    const links = { AppSecret: { value: "new-secret, old-secret" }, ApiKeys: { value: "an-api-key" } };
    expect(lambdaSecret(links, "AppSecret")).toEqual(["new-secret", "old-secret"]);
    expect(lambdaSecret(links, "ApiKeys")).toBe("an-api-key");
  });

  it.each([
    { name: "AppSecret", value: "" },
    { name: "AppSecret", value: "one-secret,two-secret,three-secret" },
    { name: "AppSecret", value: "long-enough,short" },
    { name: "PseudonymSecret", value: "x".repeat(31) },
    { name: "VerifyToken", value: undefined },
  ] as const)("are refused by name, without what they are: $name $value", ({ name, value }) => {
    expect(() => lambdaSecret({ [name]: { value } }, name)).toThrow(
      new RegExp(`^${name}: expected [a-z0-9 ,']+$`),
    );
    expect(() => lambdaSecret({}, name)).toThrow(name);
  });
});
