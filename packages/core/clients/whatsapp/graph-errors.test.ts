import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorTable } from "./error-table.ts";
import { classify, classifyFailure, classifyStatus } from "./graph-errors.ts";

const refused = (retry: string, reason: string, remedy?: string) => ({
  outcome: "refused",
  retry,
  reason,
  ...(remedy && { remedy }),
});

describe("a code says what to do, whatever the status", () => {
  const verdicts = [
    ["later", "rate-limited", "slow-number", [4, 80007, 130429, 131057]],
    ["later", "pair-rate-limited", "slow-pair", [131056]],
    ["never", "spam-limited", "slow-number", [131048]],
    ["template", "service-window-closed", undefined, [131047]],
    ["never", "marketing-limited", undefined, [131049]],
    ["never", "recipient-opted-out", "mark-contact", [131050]],
    [
      "never",
      "recipient-unreachable",
      "mark-contact",
      [131026, 131021, 131030, 130472, 131062, 131064, 137000],
    ],
    [
      "never",
      "request-invalid",
      "alert-developer",
      [100, 131008, 131009, 131051, 132000, 132001, 132016, 132069],
    ],
    ["other-form", "media-rejected", undefined, [131052, 131053]],
    [
      "later",
      "account-blocked",
      "stop-number",
      [0, 3, 10, 33, 190, 200, 299, 368, 131005, 131031, 131042, 133010],
    ],
    ["never", "not-supported", "alert-developer", [131020, 131201, 131215, 138000, 138013, 139103, 147005]],
  ] as const;
  const cases = verdicts.flatMap(([retry, reason, remedy, codes]) =>
    codes.map((code) => [code, refused(retry, reason, remedy)] as const),
  );

  test.each(cases)("F24, F25: %i", (code, outcome) => {
    for (const status of [200, 400, 500]) expect(classify(status, { code })).toEqual({ ...outcome, code });
  });

  test.each([131000, 131016, 133004, 2494100, 1, 2])("F22: after %i, a fault, nobody knows", (code) => {
    for (const status of [200, 400, 500])
      expect(classify(status, { code })).toEqual({ outcome: "uncertain", reason: "service-fault" });
  });

  test("one customer's country does not stop the number for all the others", () => {
    expect(classify(403, { code: 130497 })).toMatchObject({ retry: "never", remedy: "mark-contact" });
  });
});

describe("where a code means several things, the subcode or the details tell them apart", () => {
  test("of an invalid parameter, the number itself", () => {
    expect(classify(400, { code: 100, subcode: 33 })).toMatchObject({
      retry: "later",
      remedy: "stop-number",
    });
    expect(classify(400, { code: 100, subcode: 34 })).toMatchObject({
      retry: "never",
      remedy: "alert-developer",
    });
    expect(classify(400, { code: 131009, subcode: 33 })).toMatchObject({ reason: "request-invalid" });
  });

  test.each([100, 131009])("of %i, a file that is there no more", (code) => {
    const details = "Param image['id'] is not a valid whatsapp business account media attachment ID";
    expect(classify(400, { code, details })).toMatchObject({ retry: "other-form", reason: "media-rejected" });
    expect(classify(400, { code, details: "Param to is not valid" })).toMatchObject({
      reason: "request-invalid",
    });
  });
});

describe("without a known code the status says it", () => {
  test.each([
    [400, undefined, refused("never", "http-400", "alert-developer")],
    [404, 999_999, { ...refused("never", "http-404", "alert-developer"), code: 999_999 }],
    [429, undefined, refused("later", "rate-limited", "slow-number")],
    [401, undefined, refused("later", "account-blocked", "stop-number")],
    [403, undefined, refused("never", "http-403", "alert-developer")],
    [408, undefined, { outcome: "uncertain", reason: "http-408" }],
    [302, undefined, { outcome: "uncertain", reason: "http-302" }],
    [500, undefined, { outcome: "uncertain", reason: "http-500" }],
    [503, 300, { outcome: "uncertain", reason: "http-503" }],
  ])("F22: %i with code %s", (status, code, outcome) => {
    expect(classify(status, code === undefined ? undefined : { code })).toEqual(outcome);
  });

  test("F22: what Meta calls transient may have happened", () => {
    expect(classify(400, { code: 999_999, isTransient: true })).toEqual({
      outcome: "uncertain",
      reason: "http-400",
    });
  });

  test("F22: no answer of 5xx is ever taken for a refusal, except by a code that says so", () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), fc.integer({ min: 140_000_000 }), (status, code) => {
        expect(classify(status, { code }).outcome).toBe("uncertain");
      }),
    );
  });
});

describe("a status that says failed", () => {
  test("is judged as the same error in an answer", () => {
    for (const { codes } of errorTable)
      for (const code of codes.flat()) {
        const answered = { retry: "later", remedy: undefined, ...classify(400, { code }) };
        const { retry, reason, remedy } = answered;
        expect(classifyStatus([{ code }])).toEqual({ retry, reason, ...(remedy && { remedy }) });
      }
  });

  test.each([
    ["F24: too many to one customer", [{ code: 131056 }], "later", "pair-rate-limited", "slow-pair"],
    ["F25: the window is closed", [{ code: 131047 }], "template", "service-window-closed", undefined],
    [
      "a fault: it did fail, so it may be sent again",
      [{ code: 131000 }],
      "later",
      "service-fault",
      undefined,
    ],
    [
      "a lost file",
      [{ code: 100, details: "media attachment ID" }],
      "other-form",
      "media-rejected",
      undefined,
    ],
    [
      "the first error that is known counts",
      [{ code: 7 }, { code: 190 }],
      "later",
      "account-blocked",
      "stop-number",
    ],
    ["none that is known", [{ code: 7 }], "never", "unknown-error", "alert-developer"],
    ["no error at all", [], "never", "unexplained", undefined],
  ] as const)("%s", (_, errors, retry, reason, remedy) => {
    expect(classifyStatus(errors)).toEqual({ retry, reason, ...(remedy && { remedy }) });
  });
});

test("no row of the table is out of reach", () => {
  const first = (row: (typeof errorTable)[number]) => {
    const code = row.codes.flat()[0] ?? -1;
    const subcode = row.subcode;
    return classify(400, { code, subcode, details: row.details?.source });
  };
  for (const row of errorTable) expect(first(row).reason).toBe(row.reason);
});

test("no code stands in two rows that are equally narrow", () => {
  const seen = new Set<string>();
  for (const { codes, subcode, details } of errorTable)
    for (const code of codes) {
      const key = JSON.stringify([code, subcode, details?.source]);
      expect(seen).not.toContain(key);
      seen.add(key);
    }
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
