import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyBytesMax, depthMax, keysMax, parseBody, UnreadableBody } from "./parse-body.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const parseText = (text: string) => parseBody(bytes(text));

const reasonOf = (body: Uint8Array): string | undefined => {
  try {
    parseBody(body);
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableBody) return error.reason;
    throw error;
  }
};

const timed = (body: Uint8Array): { reason: string | undefined; ms: number } => {
  const start = performance.now();
  const reason = reasonOf(body);
  return { reason, ms: performance.now() - start };
};

describe("a body that can be read", () => {
  test("is what JSON says, with escapes decoded", () => {
    expect(
      parseText(String.raw`{"entry":[{"id":"1","n":1.5,"ok":true,"no":null,"t":"\u00e9\ud83d\ude00\/"}]}`),
    ).toEqual({
      entry: [{ id: "1", n: 1.5, ok: true, no: null, t: "é😀/" }],
    });
  });

  test("F30: a genuine POST of 1,000 updates passes, however many keys 3 MB can hold", () => {
    const status = {
      id: "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MTE5MjVBOTE3MDk5QUVFM0YA",
      status: "sent",
      timestamp: "1791000000",
    };
    const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "service" };
    const statuses = Array.from({ length: 1_000 }, () => ({
      ...status,
      pricing,
      recipient_id: "15550002222",
    }));
    expect(parseText(JSON.stringify({ statuses }))).toEqual({ statuses });

    const items = Array.from({ length: 38_000 }, () => ({
      product_retailer_id: "a",
      quantity: 1,
      item_price: 1,
      currency: "USD",
    }));
    const dense = bytes(JSON.stringify({ product_items: items }));
    expect(dense.byteLength).toBeGreaterThan(2_500_000);
    expect(reasonOf(dense)).toBeUndefined();
  });

  test("F34: of duplicate keys the last one counts, for us as for anyone who parses the same bytes", () => {
    expect(parseText('{"id":"first","id":"second"}')).toEqual({ id: "second" });
  });
});

describe("a body that is refused", () => {
  test("F30: over 3 MB", () => {
    const padded = (size: number) => bytes(`"${"a".repeat(size - 2)}"`);
    expect(reasonOf(padded(bodyBytesMax))).toBeUndefined();
    expect(reasonOf(padded(bodyBytesMax + 1))).toBe("too-large");
  });

  test.each([
    ["arrays", "[", "]"],
    ["objects", '{"a":', "}"],
  ])("F28: more than 32 nested %s", (_, open, close) => {
    const nested = (depth: number) => bytes(`${open.repeat(depth)}1${close.repeat(depth)}`);
    expect(reasonOf(nested(depthMax))).toBeUndefined();
    expect(reasonOf(nested(depthMax + 1))).toBe("too-deep");
  });

  test("F28: 3 MB of brackets take milliseconds", () => {
    const { reason, ms } = timed(new Uint8Array(bodyBytesMax).fill(0x5b));
    expect(reason).toBe("too-deep");
    expect(ms).toBeLessThan(50);
  });

  test.each([
    ["backslashes in a string", `"${"\\".repeat(bodyBytesMax - 3)}"`],
    ["quotes", '"'.repeat(bodyBytesMax)],
    ["brackets that close at once", "[]".repeat(bodyBytesMax / 2)],
  ])("F28: 3 MB of %s are no JSON, in linear time", (_, text) => {
    const { reason, ms } = timed(bytes(text));
    expect(reason).toBe("not-json");
    expect(ms).toBeLessThan(2_000);
  });

  test("brackets inside strings are text", () => {
    expect(parseText(JSON.stringify({ text: `${"[".repeat(100)}\\"${"{".repeat(100)}` }))).toEqual({
      text: `${"[".repeat(100)}\\"${"{".repeat(100)}`,
    });
  });

  test("F30: too many keys, whether they differ or not", () => {
    const object = (keys: number) =>
      bytes(`{${Array.from({ length: keys }, (_, n) => `"${n.toString(36)}":0`).join()}}`);
    const objects = (keys: number) => bytes(`[${Array.from({ length: keys }, () => '{"":0}').join()}]`);
    expect(reasonOf(objects(keysMax))).toBeUndefined();
    expect(reasonOf(objects(keysMax + 1))).toBe("too-many-keys");
    expect(reasonOf(object(keysMax + 1))).toBe("too-many-keys");
  });

  test.each([
    ["a lone continuation byte", [0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["an encoded surrogate", [0xed, 0xa0, 0x80]],
    ["a cut character", [0xe2, 0x82]],
  ])("F31: %s is no UTF-8", (_, middle) => {
    expect(reasonOf(new Uint8Array([0x22, ...middle, 0x22]))).toBe("not-utf-8");
  });

  test.each(["", " ", "{", "[1,]", "{'a':1}", "undefined", "NaN", '"\n"'])("%j is no JSON", (text) => {
    expect(reasonOf(bytes(text))).toBe("not-json");
  });

  test("says why, and nothing of what it held", () => {
    expect(() => parseText('{"from":"15550002222"')).toThrow(/^unreadable body: not-json$/);
  });
});

describe("what is repaired", () => {
  test.each([
    ["a lone high surrogate", String.raw`"a\ud800b"`, "a\ufffdb"],
    ["a lone low surrogate", String.raw`"\udc00"`, "\ufffd"],
    ["two in the wrong order", String.raw`"\ude00\ud83d"`, "\ufffd\ufffd"],
    ["a pair is left alone", String.raw`"\ud83d\ude00"`, "😀"],
    ["NUL characters", String.raw`"a\u0000\u0000b"`, "ab"],
  ])("F33: %s", (_, json, text) => {
    expect(parseText(json)).toBe(text);
    expect(parseText(`{"list":[${json}]}`)).toEqual({ list: [text] });
    expect(parseText(`{${json}:1}`)).toEqual({ [text]: 1 });
  });

  test.each(["__proto__", "constructor", "prototype"])("F29: %s is left out, anywhere", (key) => {
    const json = `{"a":[{"${key}":{"admin":true},"b":1}],"${key}":{"admin":true}}`;
    const parsed = parseText(json);
    expect(parsed).toEqual({ a: [{ b: 1 }] });
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(Object.assign({}, parsed))).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("F29: a dangerous key can't be smuggled in with a NUL character or an escape", () => {
    expect(parseText(String.raw`{"__pro\u0000to__":{"admin":true},"\u005f_proto__":{"admin":true}}`)).toEqual(
      {},
    );
  });
});

describe("for any JSON value", () => {
  const naiveDepth = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map(naiveDepth))
      : 0;

  const nested = fc
    .tuple(
      fc.integer({ min: 0, max: 2 * depthMax }),
      fc.array(fc.boolean(), { minLength: 70, maxLength: 70 }),
      fc.json(),
    )
    .map(([depth, isArray, core]) => {
      let text = core;
      for (let level = 0; level < depth; level++)
        text = isArray[level] ? `[0, ${text}]` : `{"}][\\"{": ${text}}`;
      return text;
    });

  test("the depth that is counted is the depth that is there", () => {
    fc.assert(
      fc.property(nested, (text) => {
        expect(reasonOf(bytes(text)) === "too-deep").toBe(naiveDepth(JSON.parse(text)) > depthMax);
      }),
    );
  });

  test("well-formed values come out as they went in", () => {
    const text = fc.string({ unit: "grapheme" }).map((string) => string.replaceAll("\0", ""));
    const key = text.filter((name) => !["__proto__", "constructor", "prototype"].includes(name));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.oneof(text, fc.boolean(), fc.constant(null), fc.integer()),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parseText(JSON.stringify(value))).toEqual(value);
      }),
    );
  });

  test("any bytes at all are parsed or refused with a reason", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
        expect([undefined, "too-deep", "not-utf-8", "not-json"]).toContain(reasonOf(body));
      }),
    );
  });
});
