/** What every implementation of `Pacing` does. `open` gives two processes' views of the same, empty. */
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { atRest, dueAfterUs, placeUnder, type RateState } from "./gcra.ts";
import type { Pacing, Rate } from "./pacing.ts";

const start = Date.parse("2026-11-02T10:00:00.000Z");
const number = { key: "number/400000000000001", intervalMs: 100, burst: 3 };
const pair = (name: string): Rate => ({ key: `pair/${name}`, intervalMs: 6_000, burst: 45 });

export const pacingContract = (
  name: string,
  open: () => Promise<readonly [Pacing, Pacing]>,
  { runs }: { runs: number },
): void => {
  let one: Pacing;
  let other: Pacing;
  beforeEach(async () => void ([one, other] = await open()));

  const waits = async (count: number, rate: Rate, nowMs = start) => {
    const all: number[] = [];
    for (let asked = 0; asked < count; asked += 1)
      all.push((await (asked % 2 ? other : one).reserve([rate], nowMs, 60_000)).waitMs);
    return all;
  };

  describe(`${name} as pacing`, () => {
    it("gives places in the order of asking, whichever process asks", async () => {
      expect(await waits(6, number)).toEqual([0, 0, 0, 100, 200, 300]);
    });

    it("has room again as time passes", async () => {
      await waits(4, number);
      expect(await waits(1, number, start + 199)).toEqual([1]);
      expect(await waits(2, number, start + 1_000)).toEqual([0, 0]);
    });

    it("gives each of 50 who ask at once a place of their own, and leaves none out", async () => {
      const strict = { ...number, burst: 1 };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, asker) => (asker % 2 ? other : one).reserve([strict], start, 60_000)),
      );
      expect(answers.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 50 }, (_, place) => place * 100),
      );
    });

    it("reserves nothing when the wait is too long, and says how long it is", async () => {
      await waits(4, number);
      expect(await one.reserve([pair("a"), number], start, 199)).toEqual({ waitMs: 200, reserved: false });
      expect(await one.reserve([pair("a"), number], start, 199)).toEqual({ waitMs: 200, reserved: false });
      expect(await one.reserve([pair("a"), number], start, 200)).toEqual({ waitMs: 200, reserved: true });
      expect(await one.reserve([number], start, Infinity)).toEqual({ waitMs: 300, reserved: true });
    });

    it("takes a cost as so many", async () => {
      expect(await waits(1, { ...number, cost: 2 })).toEqual([0]);
      expect(await waits(1, { ...number, cost: 2 })).toEqual([100]);
      expect(await waits(1, number)).toEqual([200]);
    });

    it("counts a place under every rate at the time when it is", async () => {
      const slow = { key: "slow", intervalMs: 150, burst: 1 };
      await one.reserve([number, slow], start, 0);
      expect(await one.reserve([number, slow], start, 150)).toEqual({ waitMs: 150, reserved: true });
      expect(await waits(1, number)).toEqual([50]);
    });

    it("keeps keys apart", async () => {
      await waits(3, number);
      expect(await waits(1, { ...number, key: "number/2" })).toEqual([0]);
    });

    it("gives no place before the end of a hold, and then one at a time", async () => {
      await one.hold(number.key, start + 1_000);
      expect(await waits(3, number)).toEqual([1_000, 1_100, 1_200]);
    });

    it("holds a rate that is in use, for all who ask for it", async () => {
      await waits(5, number);
      await other.hold(number.key, start + 64_000);
      const answer = await one.reserve([pair("a"), number], start, 5_000);
      expect(answer).toEqual({ waitMs: 64_000, reserved: false });
      expect(await waits(1, number, start + 64_000)).toEqual([0]);
    });

    it("leaves a longer hold", async () => {
      await one.hold(number.key, start + 1_000);
      await other.hold(number.key, start + 500);
      expect(await waits(1, number)).toEqual([1_000]);
    });

    it("lets a customer who is written to too often wait, and nobody else on the number", async () => {
      const ask = (customer: string, nowMs: number) => one.reserve([pair(customer), number], nowMs, 10_000);
      for (let sent = 0; sent < 45; sent += 1) await ask("eager", start + sent * 100);
      const fortyFifthAt = start + 44 * 100;
      const wait = 6_000 - 4_400;
      expect(await ask("eager", fortyFifthAt)).toEqual({ waitMs: wait, reserved: false });
      expect(await ask("patient", fortyFifthAt)).toEqual({ waitMs: 0, reserved: true });
      expect(await ask("eager", fortyFifthAt + wait)).toEqual({ waitMs: 0, reserved: true });
    });

    let world = 0;
    /** Three rates that no other run has touched. */
    const anyRates = fc
      .array(
        fc.record({
          intervalMs: fc.constantFrom(1, 7, 100, 1_000, 6_000),
          burst: fc.integer({ min: 1, max: 5 }),
        }),
        { minLength: 3, maxLength: 3 },
      )
      .map((sizes): Rate[] => {
        world += 1;
        return sizes.map((size, index) => ({ key: `rate-${index}-of-${world}`, ...size }));
      });
    const anyAsk = fc.record({
      atMs: fc.nat(5_000),
      which: fc.subarray([0, 1, 2], { minLength: 1 }),
      cost: fc.constantFrom(1, 1, 1, 2, 6),
      waitMsMax: fc.constantFrom(0, 500, 20_000),
      handle: fc.boolean(),
      holdMs: fc.option(fc.nat(3_000), { nil: undefined, freq: 10 }),
    });
    const chosen = (rates: readonly Rate[], { which, cost }: { which: number[]; cost: number }): Rate[] =>
      rates.filter((_, index) => which.includes(index)).map((rate) => ({ ...rate, cost }));

    it("asked by one after another answers what the arithmetic does", async () => {
      await fc.assert(
        fc.asyncProperty(anyRates, fc.array(anyAsk, { maxLength: 12 }), async (rates, asks) => {
          const states = new Map<string, RateState>();
          const stateOf = (key: string) => states.get(key) ?? atRest;
          for (const { atMs, waitMsMax, handle, holdMs, ...choice } of asks) {
            const [pacing, nowMs, wanted] = [handle ? one : other, start + atMs, chosen(rates, choice)];
            const known = wanted.map((rate) => ({ rate, state: stateOf(rate.key) }));
            const { atUs, ...expected } = placeUnder(known, nowMs, waitMsMax);
            expect(await pacing.reserve(wanted, nowMs, waitMsMax)).toEqual(expected);
            if (expected.reserved)
              for (const { rate, state } of known)
                states.set(rate.key, { ...state, dueUs: dueAfterUs(rate, state, atUs) });
            const [first] = wanted;
            if (holdMs === undefined || !first) continue;
            await pacing.hold(first.key, nowMs + holdMs);
            const state = stateOf(first.key);
            const heldUntilUs = Math.max(state.heldUntilUs, (nowMs + holdMs) * 1_000);
            states.set(first.key, { ...state, heldUntilUs });
          }
        }),
        { numRuns: runs },
      );
    });

    it("asked by many at once, with clocks that differ, never exceeds a rate over any time", async () => {
      const waves = fc.array(fc.array(anyAsk, { minLength: 1, maxLength: 8 }), { maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(anyRates, waves, async (rates, waves) => {
          const calls: { atMs: number; wanted: Rate[] }[] = [];
          const ask = async ({ atMs, waitMsMax, handle, ...choice }: (typeof waves)[number][number]) => {
            const wanted = chosen(rates, choice);
            const place = await (handle ? one : other).reserve(wanted, start + atMs, waitMsMax);
            if (place.reserved) calls.push({ atMs: atMs + place.waitMs, wanted });
          };
          for (const wave of waves) await Promise.all(wave.map(ask));
          for (const { key } of rates)
            expectWithin(
              calls.flatMap(({ atMs, wanted }) =>
                wanted.filter((rate) => rate.key === key).map((rate) => ({ atMs, rate })),
              ),
            );
        }),
        { numRuns: runs },
      );
    });
  });
};

/** Between any two calls, these included, the costs are no more than a burst and what the time between allows. */
const expectWithin = (calls: readonly { atMs: number; rate: Rate }[]): void => {
  const sorted = calls.toSorted((a, b) => a.atMs - b.atMs);
  for (const [index, from] of sorted.entries()) {
    let [spent, burst] = [0, from.rate.burst];
    for (const { atMs, rate } of sorted.slice(index)) {
      spent += rate.cost ?? 1;
      burst = Math.max(burst, rate.cost ?? 1);
      expect(spent).toBeLessThanOrEqual(burst + (atMs - from.atMs) / rate.intervalMs + 1e-9);
    }
  }
};
