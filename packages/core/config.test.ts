import { describe, expect, it } from "vitest";
import { Config, ConfigError, readConfig, unknownSettings } from "./config.ts";

describe("the settings", () => {
  it("all have defaults that run on one machine", () => {
    expect(readConfig({})).toMatchObject({
      HILO_PORT: 3000,
      HILO_DATA_DIR: ".hilo",
      HILO_APP_SECRET: ["local-app-secret"],
      HILO_VERIFY_TOKEN: "local-verify-token",
      HILO_API_KEY: "local-api-key",
      HILO_KNOWLEDGE_DIR: "knowledge",
      HILO_GRAPH_URL: "",
      HILO_GRAPH_VERSION: "v26.0",
      HILO_GRAPH_TOKEN: "local-graph-token",
      HILO_PHONE_NUMBER_IDS: [],
      HILO_QUIET_MS: 700,
      HILO_GRAPH_HISTORY: "auto",
    });
  });

  it.each<[keyof Config, string, unknown]>([
    ["HILO_PORT", "0", 0],
    ["HILO_PORT", "65535", 65_535],
    ["HILO_QUIET_MS", "0", 0],
    ["HILO_QUIET_MS", "10000", 10_000],
    ["HILO_APP_SECRET", "12345678", ["12345678"]],
    ["HILO_APP_SECRET", "the-old-one , the-new-one", ["the-old-one", "the-new-one"]],
    ["HILO_VERIFY_TOKEN", "12345678", "12345678"],
    ["HILO_GRAPH_URL", "", ""],
    ["HILO_GRAPH_URL", "https://graph.facebook.com", "https://graph.facebook.com"],
    ["HILO_GRAPH_URL", "http://127.0.0.1:9999/graph", "http://127.0.0.1:9999/graph"],
    ["HILO_RETENTION_DAYS", "0", 0],
    ["HILO_RETENTION_DAYS", "36500", 36_500],
    ["HILO_CACHE_URL", "", ""],
    ["HILO_CACHE_URL", "rediss://cache.example.com:6379", "rediss://cache.example.com:6379"],
    ["HILO_GRAPH_VERSION", "v1.0", "v1.0"],
    ["HILO_GRAPH_HISTORY", "auto", "auto"],
    ["HILO_GRAPH_HISTORY", "complete", "complete"],
    ["HILO_GRAPH_HISTORY", "partial", "partial"],
    ["HILO_PHONE_NUMBER_IDS", "", []],
    ["HILO_PHONE_NUMBER_IDS", "1065550000, 1065550001,", ["1065550000", "1065550001"]],
  ])("%s may be %j", (name, text, value) => {
    expect(readConfig({ [name]: text })[name]).toEqual(value);
  });

  const port = "expected a whole number from 0 to 65535";
  const quiet = "expected a whole number from 0 to 10000";
  const secret = "expected at least 8 characters";
  const ids = "expected letters, digits and _, at most 64";
  const url = "expected an http(s) URL";
  const version = "expected a version such as v26.0";

  it.each<[keyof Config, string, string]>([
    ["HILO_PORT", "65536", port],
    ["HILO_PORT", "-1", port],
    ["HILO_PORT", "80.5", port],
    ["HILO_PORT", "http", port],
    ["HILO_PORT", "", port],
    ["HILO_PORT", "9999999999", port],
    ["HILO_QUIET_MS", "10001", quiet],
    ["HILO_QUIET_MS", "1s", quiet],
    ["HILO_DATA_DIR", "", "expected a folder"],
    ["HILO_CACHE_URL", "https://cache.example.com", "expected a redis:// or rediss:// URL"],
    ["HILO_CACHE_URL", "localhost:6379", "expected a redis:// or rediss:// URL"],
    ["HILO_KNOWLEDGE_DIR", "", "expected a folder"],
    ["HILO_APP_SECRET", "1234567", secret],
    ["HILO_APP_SECRET", "the-old-one,short", secret],
    ["HILO_APP_SECRET", "", "expected one secret, or two separated by a comma"],
    ["HILO_APP_SECRET", "secret-1,secret-2,secret-3", "expected one secret, or two separated by a comma"],
    ["HILO_VERIFY_TOKEN", "1234567", secret],
    ["HILO_API_KEY", "", secret],
    ["HILO_GRAPH_TOKEN", "short", secret],
    ["HILO_GRAPH_URL", "graph.facebook.com", url],
    ["HILO_GRAPH_URL", "ftp://graph.facebook.com", url],
    ["HILO_GRAPH_VERSION", "26.0", version],
    ["HILO_GRAPH_VERSION", "v26", version],
    ["HILO_GRAPH_HISTORY", "most", "expected auto, complete or partial"],
    ["HILO_PHONE_NUMBER_IDS", "1065550000,+34 600", ids],
    ["HILO_PHONE_NUMBER_IDS", "1".repeat(65), ids],
  ])("%s may not be %j: %s", (name, text, allowed) => {
    expect(() => readConfig({ [name]: text })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: text })).toThrow(new ConfigError(`${name}: ${allowed}`));
  });

  it("that are wrong are all named at once", () => {
    expect(() => readConfig({ HILO_PORT: "x", HILO_API_KEY: "short" })).toThrow(
      new ConfigError(`HILO_PORT: ${port}\nHILO_API_KEY: ${secret}`),
    );
  });

  it("that are wrong are not quoted: some are secrets", () => {
    for (const name of Object.keys(Config.shape)) {
      const said = (): string => {
        try {
          return JSON.stringify(readConfig({ [name]: "s3cr3t" }) && "");
        } catch (error) {
          return String(error);
        }
      };
      expect(said()).not.toContain("s3cr3t");
    }
  });

  it("leave everything else in the environment alone", () => {
    expect(readConfig({ PATH: "/bin", HILO_OTHER: "x" })).toEqual(readConfig({}));
  });
});

describe("a setting that there is not", () => {
  it("is named, when it looks like one of ours", () => {
    const env = { HILO_PORT: "1", HILO_PROT: "1", hilo_port: "1", PATH: "/bin", HILO_: "" };
    expect(unknownSettings(env)).toEqual(["HILO_PROT", "HILO_"]);
  });
});
