import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answeredByEventRuler, refusedByEventRuler } from "./event-pattern.cases.ts";
import { compilePattern } from "./event-pattern.ts";
import type { EventPattern } from "./event-pattern.ts";

describe("a pattern answers as event-ruler does", () => {
  it.each(answeredByEventRuler)("%s", (_name, pattern, event, matches) => {
    expect(compilePattern(pattern)(event)).toBe(matches);
  });
});

describe("an invalid pattern is refused, by path and by what is allowed", () => {
  it.each(refusedByEventRuler)("%s", (_name, pattern, message) => {
    expect(() => compilePattern(pattern as EventPattern)).toThrow(`Event pattern, ${message}`);
  });
});

describe("where event-ruler's answer looks like a slip", () => {
  it("refuses a field named twice by way of $or, rather than dropping one", () => {
    const pattern: EventPattern = { a: [1], $or: [{ a: [2] }, { b: [3] }] };
    expect(() => compilePattern(pattern)).toThrow("Event pattern, a: expected no second list of values");
  });

  it.each<[string, EventPattern, unknown, boolean]>([
    ["an IPv6 address is in no IPv4 block", { a: [{ cidr: "0.0.0.0/0" }] }, { a: "::1" }, false],
    ["an IPv4 address is in no IPv6 block", { a: [{ cidr: "::/0" }] }, { a: "1.2.3.4" }, false],
    ["an emoji equals itself", { a: [{ "equals-ignore-case": "Hola 😀" }] }, { a: "hola 😀" }, true],
    ["an emoji is no ??", { a: [{ "equals-ignore-case": "😀" }] }, { a: "??" }, false],
    ["a quotation mark is a character", { a: [{ prefix: 'a"' }] }, { a: "a" }, false],
    ["a field may have no name", { a: { "": [1] } }, { a: { "": 1 } }, true],
    [
      "a wildcard leaves the condition beside it alone",
      { a: [{ wildcard: "*\\\\A" }, { "equals-ignore-case": "a" }] },
      { a: "Aa" },
      false,
    ],
    [
      "branches may share an absence",
      {
        a: [{ exists: true }],
        $or: [{ d: [{ exists: false }, 1] }, { d: [{ exists: false }, 2] }, { c: [1] }],
      },
      { a: 1, d: 2 },
      true,
    ],
  ])("%s", (_name, pattern, event, matches) => {
    expect(compilePattern(pattern)(event)).toBe(matches);
  });
});

it("takes no event that is not an object", () => {
  const isAbsent = compilePattern({ a: [{ exists: false }] });
  expect([[], "x", 1, null, undefined].map(isAbsent)).toEqual([false, false, false, false, false]);
});

it("matches a wildcard in time that does not explode", () => {
  const matches = compilePattern({ a: [{ wildcard: `${"*a".repeat(60)}*b` }] });
  const startedAt = performance.now();
  expect(matches({ a: "a".repeat(100_000) })).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

describe("for any event", () => {
  const event = fc.dictionary(fc.constantFrom("a", "b", "c", "$or"), fc.jsonValue({ maxDepth: 6 }));
  const scalar = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));

  it("no pattern throws", () => {
    const patterns = answeredByEventRuler.map(([, pattern]) => compilePattern(pattern));
    fc.assert(
      fc.property(event, (any) => {
        expect(patterns.map((matches) => typeof matches(any))).toEqual(patterns.map(() => "boolean"));
      }),
    );
  });

  it("a field is either absent, or excluded, or anything but the excluded", () => {
    const absent = compilePattern({ a: { b: [{ exists: false }] } });
    const present = compilePattern({ a: { b: [{ exists: true }] } });
    const excluded = compilePattern({ a: { b: ["x"] } });
    const otherThanExcluded = compilePattern({ a: { b: [{ "anything-but": "x" }] } });
    fc.assert(
      fc.property(fc.record({ a: fc.array(fc.dictionary(fc.constantFrom("b", "c"), scalar)) }), (any) => {
        expect(present(any)).toBe(!absent(any));
        expect(excluded(any) || otherThanExcluded(any)).toBe(present(any));
      }),
    );
  });

  it("a value matches the pattern made of it, in an array or not", () => {
    fc.assert(
      fc.property(scalar, (value) => {
        const matches = compilePattern({ a: [value] });
        expect([matches({ a: value }), matches({ a: ["other", value] })]).toEqual([true, true]);
      }),
    );
  });

  it("a wildcard agrees with the regular expression it stands for", () => {
    const text = (maxLength: number) => fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), maxLength });
    const pieces = fc.array(text(2), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(pieces, text(6), (any, value) => {
        const kept = any.filter((piece, i) => piece !== "" || i === 0 || i === any.length - 1);
        const escaped = kept.map((piece) => piece.replace(/[*\\]/g, "\\$&"));
        const wildcard = escaped.join("*");
        const expression = new RegExp(`^${escaped.join(".*")}$`);
        expect(compilePattern({ a: [{ wildcard }] })({ a: value })).toBe(expression.test(value));
      }),
    );
  });
});
