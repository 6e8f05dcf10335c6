/** What every `Tally` does. `open` gives two processes' views of the same, empty. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Tally } from "./tally.ts";

/** In whole seconds, as a time-to-live is. */
export const now = Date.parse("2026-11-23T12:00:00.000Z");
const tomorrow = now + 86_400_000;

export const tallyContract = (
  name: string,
  open: (nowMs: () => number) => Promise<readonly [Tally, Tally]>,
): void => {
  let at = now;
  let one: Tally;
  let other: Tally;
  beforeEach(async () => {
    at = now;
    [one, other] = await open(() => at);
  });

  describe(`${name} as a tally`, () => {
    it("is 0 where nothing was added", async () => {
      expect(await one.read("usd/1/2026-11-23")).toBe(0);
    });

    it("loses nothing of what 50 add at once", async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).add("a", 3, tomorrow)),
      );
      expect([await one.read("a"), await other.read("a")]).toEqual([150, 150]);
    });

    it("keeps keys apart", async () => {
      await one.add("a", 1, tomorrow);
      await one.add("b", 2, tomorrow);
      expect([await one.read("a"), await one.read("b")]).toEqual([1, 2]);
    });

    it.each([
      { laterMs: 999, amount: 7 },
      { laterMs: 1_000, amount: 0 },
    ])("to be forgotten after a second is $amount after $laterMs ms", async ({ laterMs, amount }) => {
      await one.add("a", 7, now + 1_000);
      at = now + laterMs;
      expect(await other.read("a")).toBe(amount);
    });
  });
};
