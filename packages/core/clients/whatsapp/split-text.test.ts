import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePoints, limits } from "./limits.ts";
import { splitText } from "./split-text.ts";

const withoutSpace = (text: string) => text.replace(/\s+/gu, "");
const graphemesOf = (text: string) =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);

describe("what fits stays as it is", () => {
  test.each([
    "",
    " spaced \n\n out ",
    "a".repeat(limits.text),
    "😀".repeat(limits.text),
    "word ".repeat(819),
  ])("%#", (text) => {
    expect(splitText(text)).toEqual([text]);
  });
});

test("one code point more is one message more", () => {
  expect(splitText("a".repeat(limits.text + 1)).map(codePoints)).toEqual([limits.text, 1]);
});

describe("a text is cut", () => {
  test.each([
    ["between paragraphs", "One two.\n\nThree\nfour five six", ["One two.", "Three\nfour five six"]],
    ["else between lines", "One two. Three\nfour. Five six", ["One two. Three", "four. Five six"]],
    ["else between sentences", "One two. Three four five six", ["One two.", "Three four five six"]],
    [
      "also where a script has no spaces",
      "一二三四五。六七八九十一二三四五六七八九十",
      ["一二三四五。", "六七八九十一二三四五六七八九十"],
    ],
    ["else between words", "one two three four five six", ["one two three four", "five six"]],
    [
      "else in a word that no message holds",
      "aaaaabbbbbcccccdddddeeeeefff",
      ["aaaaabbbbbcccccddddd", "eeeeefff"],
    ],
  ])("%s", (_, text, parts) => {
    expect(splitText(text, 20)).toEqual(parts);
  });

  test("where that costs no further message: each is billed", () => {
    expect(splitText("Hi!\n\none two three four five six sev", 20)).toEqual([
      "Hi!\n\none two three",
      "four five six sev",
    ]);
  });

  test("never inside what people see as one character, whatever it is made of", () => {
    const family = "👩‍👩‍👧‍👦";
    expect(splitText(family.repeat(4), 15)).toEqual([family.repeat(2), family.repeat(2)]);
    expect(splitText("e\u0301".repeat(15), 15).map(codePoints)).toEqual([14, 14, 2]);
  });

  test("even there, when it alone is longer than a message", () => {
    expect(splitText(`a${"\u0301".repeat(50)}`, 20).map(codePoints)).toEqual([20, 20, 11]);
  });
});

describe("whatever the text", () => {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.lorem({ maxCount: 5, mode: "sentences" }),
    fc.constantFrom(" ", "\n", "\n\n", "\r\n", "\t ", "\u00a0", "👩‍👩‍👧‍👦", "。", "e\u0301", "\ud800", "\u0301"),
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
  const max = fc.integer({ min: 8, max: 60 });

  test("nothing is lost but white space, and no part is too long or empty", () => {
    fc.assert(
      fc.property(text, max, (text, max) => {
        const parts = splitText(text, max);
        expect(withoutSpace(parts.join(""))).toBe(withoutSpace(text));
        if (codePoints(text) <= max) return;
        for (const part of parts) {
          expect(codePoints(part)).toBeLessThanOrEqual(max);
          expect(withoutSpace(part)).not.toBe("");
        }
      }),
    );
  });

  test("no grapheme is cut that a part can hold", () => {
    fc.assert(
      fc.property(text, max, (text, max) => {
        fc.pre(graphemesOf(text).every((grapheme) => codePoints(grapheme) <= max));
        const whole = new Set(graphemesOf(text));
        for (const part of splitText(text, max))
          for (const grapheme of graphemesOf(part)) expect(whole).toContain(grapheme);
      }),
    );
  });

  test("no split into words takes fewer messages", () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "😀"), minLength: 1, maxLength: 7 }), {
      minLength: 1,
    });
    const spaces = fc.constantFrom(" ", "\n", "\n\n", ". ");
    fc.assert(
      fc.property(words, fc.infiniteStream(spaces), max, (words, spaces, max) => {
        const text = words
          .map((word) => word + String(spaces.next().value))
          .join("")
          .trim();
        expect(splitText(text, max)).toHaveLength(fewestByWords(text, max));
      }),
    );
  });

  test("a text of 65,536 characters takes no time to speak of", () => {
    const startedAt = performance.now();
    const parts = splitText("字".repeat(65_536));
    expect(parts).toHaveLength(16);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

/** By trying every way to group the words. */
const fewestByWords = (text: string, max: number): number => {
  const words = Array.from(text.matchAll(/\S+/gu));
  const best = [0];
  for (const [last, word] of words.entries()) {
    const end = word.index + word[0].length;
    const options = words
      .slice(0, last + 1)
      .flatMap(({ index }, first) =>
        codePoints(text.slice(index, end)) <= max ? [(best[first] ?? Infinity) + 1] : [],
      );
    best.push(Math.min(...options));
  }
  return best[words.length] ?? Infinity;
};
