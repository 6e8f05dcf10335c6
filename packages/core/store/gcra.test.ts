import { describe, expect, it } from "vitest";
import { atRest, dueAfterUs, placeUnder, sizes, type RateState } from "./gcra.ts";
import type { Rate } from "./pacing.ts";

const rate = (facts: Partial<Rate> = {}): Rate => ({ key: "number", intervalMs: 100, burst: 3, ...facts });
const due = (ms: number): RateState => ({ dueUs: ms * 1_000, heldUntilUs: 0 });
const held = (ms: number): RateState => ({ dueUs: 0, heldUntilUs: ms * 1_000 });
const waitMs = (rate: Rate, state: RateState, nowMs: number) =>
  placeUnder([{ rate, state }], nowMs, Infinity).waitMs;

/** When each of so many calls, all asked for at `nowMs`, may be made. */
const places = (rate: Rate, count: number, nowMs: number, state = atRest): number[] => {
  if (count === 0) return [];
  const { atUs } = placeUnder([{ rate, state }], nowMs, Infinity);
  const heldUntilUs = state.heldUntilUs;
  const rest = places(rate, count - 1, nowMs, { dueUs: dueAfterUs(rate, state, atUs), heldUntilUs });
  return [atUs / 1_000, ...rest];
};

describe("a rate", () => {
  it.each([
    { burst: 1, intervalMs: 100, at: [1_000, 1_100, 1_200, 1_300] },
    { burst: 3, intervalMs: 100, at: [1_000, 1_000, 1_000, 1_100, 1_200] },
    { burst: 2, intervalMs: 12.5, at: [1_000, 1_000, 1_012.5, 1_025, 1_037.5] },
  ])("of one per $intervalMs ms with a burst of $burst gives places at $at", ({ at, ...facts }) => {
    expect(places(rate(facts), at.length, 1_000)).toEqual(at);
  });

  it("of WhatsApp's pairs gives 45 at once and then one every 6 s, ten a minute", () => {
    const at = places(rate({ intervalMs: 6_000, burst: 45 }), 55, 0);
    expect(at.slice(0, 46)).toEqual([...Array.from({ length: 45 }, () => 0), 6_000]);
    expect(at.at(-1)).toBe(60_000);
  });

  it.each([
    { dueMs: 0, wait: 0 },
    { dueMs: 1_000, wait: 0 },
    { dueMs: 1_199, wait: 0 },
    { dueMs: 1_200, wait: 0 },
    { dueMs: 1_201, wait: 1 },
    { dueMs: 1_300, wait: 100 },
  ])("due at $dueMs lets wait $wait ms at 1000 with a burst of 3 per 100 ms", ({ dueMs, wait }) => {
    expect(waitMs(rate(), due(dueMs), 1_000)).toBe(wait);
  });

  it.each([
    { cost: 1, wait: 0 },
    { cost: 2, wait: 0 },
    { cost: 3, wait: 100 },
    { cost: 4, wait: 100 },
    { cost: 9, wait: 100 },
  ])("that has 2 of its 3 left lets a cost of $cost wait $wait ms", ({ cost, wait }) => {
    expect(waitMs(rate({ cost }), due(1_100), 1_000)).toBe(wait);
  });

  it("lets those behind a cost above the burst wait for all of it", () => {
    const [first, second] = places(rate({ cost: 9 }), 2, 1_000);
    expect([first, second]).toEqual([1_000, 1_900]);
  });

  it.each([
    { nowMs: 1_999, wait: 1 },
    { nowMs: 2_000, wait: 0 },
    { nowMs: 2_001, wait: 0 },
  ])("held until 2000 lets wait $wait ms at $nowMs", ({ nowMs, wait }) => {
    expect(waitMs(rate(), held(2_000), nowMs)).toBe(wait);
  });

  it.each([
    { asked: "during", nowMs: 1_500, at: [2_000, 2_100, 2_200] },
    { asked: "one interval after", nowMs: 2_100, at: [2_100, 2_100, 2_200] },
    { asked: "two intervals after", nowMs: 2_200, at: [2_200, 2_200, 2_200, 2_300] },
  ])("$asked a hold earns its burst anew", ({ nowMs, at }) => {
    expect(places(rate(), at.length, nowMs, held(2_000))).toEqual(at);
  });

  it("is rounded against the caller where it has no whole µs", () => {
    expect(sizes(rate({ intervalMs: 1_000 / 3, burst: 2 }))).toEqual({ costUs: 333_334, burstUs: 666_666 });
  });
});

describe("several rates", () => {
  const pair = rate({ key: "pair", intervalMs: 6_000, burst: 45 });
  const number = rate({ key: "number", intervalMs: 12.5, burst: 80 });
  const pairWaits = (ms: number) => ({ rate: pair, state: due(1_000 + 44 * 6_000 + ms) });

  it("give a place at the latest of their times", () => {
    const known = [
      { rate: rate({ key: "a" }), state: due(1_250) },
      { rate: rate({ key: "b" }), state: due(1_300) },
    ];
    expect(placeUnder(known, 1_000, 100)).toEqual({ atUs: 1_100_000, waitMs: 100, reserved: true });
    expect(placeUnder(known, 1_000, 99)).toMatchObject({ waitMs: 100, reserved: false });
  });

  it.each([
    { wait: 987, reserved: true },
    { wait: 988, reserved: false },
    { wait: 6_000, reserved: false },
  ])("of which the pair waits $wait ms while the number has its burst: $reserved", ({ wait, reserved }) => {
    const known = [pairWaits(wait), { rate: number, state: atRest }];
    expect(placeUnder(known, 1_000, 10_000)).toMatchObject({ waitMs: wait, reserved });
  });

  it("reserve however long the wait where nobody would stand idle", () => {
    const known = [pairWaits(6_000), { rate: number, state: due(7_000) }];
    expect(placeUnder(known, 1_000, 10_000)).toMatchObject({ waitMs: 6_000, reserved: true });
  });

  it("that are none let nobody wait", () => {
    expect(placeUnder([], 1_000, 0)).toMatchObject({ waitMs: 0, reserved: true });
  });
});
