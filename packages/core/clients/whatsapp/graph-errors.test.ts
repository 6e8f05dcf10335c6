import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classify, classifyFailure } from "./graph-errors.ts";

const refused = (retry: string, reason: string) => ({ outcome: "refused", retry, reason });

describe("a code says what to do, whatever the status", () => {
  test.each([
    [4, refused("later", "rate-limited")],
    [80007, refused("later", "rate-limited")],
    [130429, refused("later", "rate-limited")],
    [131057, refused("later", "rate-limited")],
    [131056, refused("later", "pair-rate-limited")],
    [131047, refused("template", "service-window-closed")],
    [131049, refused("never", "marketing-limited")],
    [131026, refused("never", "recipient-unreachable")],
    [131063, refused("never", "recipient-unreachable")],
    [100, refused("never", "request-invalid")],
    [132001, refused("never", "request-invalid")],
    [131053, refused("other-form", "media-rejected")],
    [0, refused("never", "account-blocked")],
    [190, refused("never", "account-blocked")],
    [200, refused("never", "account-blocked")],
    [299, refused("never", "account-blocked")],
    [131201, refused("never", "not-supported")],
    [138013, refused("never", "not-supported")],
  ])("F24, F25: %i", (code, outcome) => {
    for (const status of [200, 400, 500]) expect(classify(status, code)).toEqual({ ...outcome, code });
  });

  test.each([131000, 131016, 133004, 2494100, 1, 2])("F22: after %i, a fault, nobody knows", (code) => {
    for (const status of [200, 400, 500])
      expect(classify(status, code)).toEqual({ outcome: "uncertain", reason: "service-fault" });
  });
});

describe("without a known code the status says it", () => {
  test.each([
    [400, undefined, { ...refused("never", "http-400") }],
    [404, 999_999, { ...refused("never", "http-404"), code: 999_999 }],
    [429, undefined, refused("later", "rate-limited")],
    [408, undefined, { outcome: "uncertain", reason: "http-408" }],
    [302, undefined, { outcome: "uncertain", reason: "http-302" }],
    [500, undefined, { outcome: "uncertain", reason: "http-500" }],
    [503, 300, { outcome: "uncertain", reason: "http-503" }],
  ])("F22: %i with code %s", (status, code, outcome) => {
    expect(classify(status, code)).toEqual(outcome);
  });

  test("F22: what Meta calls transient may have happened", () => {
    expect(classify(400, 999_999, true)).toEqual({ outcome: "uncertain", reason: "http-400" });
  });

  test("F22: no answer of 5xx is ever taken for a refusal, except by a code that says so", () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), fc.integer({ min: 140_000_000 }), (status, code) => {
        expect(classify(status, code).outcome).toBe("uncertain");
      }),
    );
  });
});

describe("no answer", () => {
  const failed = (code: string) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error("to 10.0.0.1"), { code }) });

  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "CERT_HAS_EXPIRED"])(
    "F22: %s means that nothing left",
    (code) => {
      expect(classifyFailure(failed(code))).toEqual(refused("later", "not-connected"));
    },
  );

  test.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT"])(
    "F23: %s may have come after the effect",
    (code) => {
      expect(classifyFailure(failed(code))).toEqual({ outcome: "uncertain", reason: "connection-lost" });
    },
  );

  test("of several addresses all must have failed to connect", () => {
    const all = (...codes: string[]) =>
      new TypeError("fetch failed", { cause: new AggregateError(codes.map(failed)) });
    expect(classifyFailure(all("ECONNREFUSED", "ENETUNREACH")).outcome).toBe("refused");
    expect(classifyFailure(all("ECONNREFUSED", "ETIMEDOUT")).outcome).toBe("uncertain");
    expect(classifyFailure(all()).outcome).toBe("uncertain");
  });

  test.each([undefined, "ECONNREFUSED", { code: "ECONNREFUSED" }])(
    "F23: %j, which is no error, proves nothing",
    (thrown) => {
      expect(classifyFailure(thrown).outcome).toBe("uncertain");
    },
  );
});
