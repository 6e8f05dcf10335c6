import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveSecret } from "./derive-secret.ts";
import { derivePseudonymSecret, pseudonyms } from "./pseudonyms.ts";

const master = Buffer.alloc(32, 7);
const { messageId, alias, digest } = pseudonyms(derivePseudonymSecret(master));

describe("pseudonyms", () => {
  it("are these for ever: they are the storage format", () => {
    expect({
      messageId: messageId("wamid.HBgLNTczMDA="),
      phone: alias("phone", "573001112233"),
      userId: alias("user-id", "CO.1047"),
      digest: digest({ b: [1, { d: null, c: "x" }], a: "é" }),
    }).toMatchInlineSnapshot(`
      {
        "digest": "7YQKPTE17Nk",
        "messageId": "MSPifTBaeKg4DKXU3B-0QQ",
        "phone": "MVhLmhsgmV9QGqE-ZasR6A",
        "userId": "pBDqBsh1GsOPNNJ_jh4E4Q",
      }
    `);
  });

  it("are short, and safe in an address", () => {
    expect(messageId("wamid.1")).toMatch(/^[\w-]{22}$/);
    expect(alias("phone", "573001112233")).toMatch(/^[\w-]{22}$/);
    expect(digest({})).toMatch(/^[\w-]{11}$/);
  });

  it("of one text differ by what it is", () => {
    expect(new Set([messageId("1"), alias("phone", "1"), alias("user-id", "1")]).size).toBe(3);
    expect(messageId("1").startsWith(digest(1))).toBe(false);
  });

  it("differ by secret, and secrets by label and master key", () => {
    const others = [deriveSecret(master, "other"), derivePseudonymSecret(Buffer.alloc(32, 8)), master];
    const hashes = [messageId("1"), ...others.map((secret) => pseudonyms(secret).messageId("1"))];
    expect(new Set(hashes).size).toBe(4);
    expect(deriveSecret(master, "other")).toHaveLength(32);
  });
});

describe("a digest", () => {
  it.each([
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }],
    [{ a: 1 }, { a: 1, b: undefined }],
  ])("of %j is that of %j", (one, other) => {
    expect(digest(one)).toBe(digest(other));
  });

  it.each([
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: "1" }],
    [{ a: 1 }, { b: 1 }],
    [{ a: { b: 1 } }, { a: 1, b: 1 }],
    [{}, []],
    [null, "null"],
    [["a", "b"], { 0: "a", 1: "b" }],
    [JSON.parse('{"__proto__":1}'), {}],
  ] as [unknown, unknown][])("of %j is not that of %j", (one, other) => {
    expect(digest(one)).not.toBe(digest(other));
  });

  it("depends on the value alone, never on the order of its keys", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, field]) => [key, reversed(field)]),
      );
    };
    fc.assert(fc.property(fc.jsonValue(), (value) => digest(reversed(value)) === digest(value)));
  });
});
