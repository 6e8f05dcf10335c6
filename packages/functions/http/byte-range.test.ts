import * as fc from "fast-check";
import { expect, it } from "vitest";
import { byteRange } from "./byte-range.ts";

it.each([
  { header: "bytes=0-0", range: { from: 0, to: 1 } },
  { header: "bytes=0-9", range: { from: 0, to: 10 } },
  { header: "bytes=90-99", range: { from: 90, to: 100 } },
  { header: "bytes=90-", range: { from: 90, to: 100 } },
  { header: "bytes=90-500", range: { from: 90, to: 100 } },
  { header: "bytes=-5", range: { from: 95, to: 100 } },
  { header: "bytes=-500", range: { from: 0, to: 40 } },
  { header: "bytes=0-", range: { from: 0, to: 40 } },
  { header: "bytes=10-60", range: { from: 10, to: 50 } },
])("of 100 bytes, 40 at once, $header asks for $range", ({ header, range }) => {
  expect(byteRange(header, 100, 40)).toEqual({ range, isPart: true });
});

it.each([undefined, "", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,5-6", "bytes=0-1 "])(
  "asks for all with %j",
  (header) => {
    expect(byteRange(header, 100, 40)).toEqual({ range: { from: 0, to: 100 }, isPart: false });
  },
);

it.each(["bytes=100-", "bytes=100-200", "bytes=5-4", "bytes=-0"])("finds no part for %s", (header) => {
  expect(byteRange(header, 100, 40)).toBeUndefined();
});

it("never leads out of the file, nor beyond what an answer holds", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (first, last, sizeBytes) => {
      for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
        const { from, to } = byteRange(header, sizeBytes, 1_000)?.range ?? { from: 0, to: 1 };
        expect(from >= 0 && from < to && to <= sizeBytes && to - from <= 1_000).toBe(true);
      }
    }),
  );
});
