/**
 * The generic cell rate algorithm (ITU-T I.371). All that a rate remembers is when the next call would be due if
 * all came evenly; a call may be early by the burst. In whole µs, so that 80 per second is exact everywhere.
 *
 * It holds in whatever order places are given: each raises `dueUs` by its cost at least, to between its own
 * time plus its cost and its own time plus the burst; so the calls of any time span cost no more than the span
 * and the burst.
 */
import type { Place, Rate } from "./pacing.ts";

/** Instants; 0 is never. */
export type RateState = { dueUs: number; heldUntilUs: number };

/** A rate of which nothing is remembered. */
export const atRest: RateState = { dueUs: 0, heldUntilUs: 0 };

/** A rate at rest for so long is forgotten: longer than clocks differ, and than it takes to earn a burst. */
export const forgetAfterMs = 60 * 60_000;

/** What a call costs and how early it may be; roundings are against the caller. */
export const sizes = ({ intervalMs, burst, cost = 1 }: Rate): { costUs: number; burstUs: number } => {
  const costUs = Math.ceil(intervalMs * 1_000 * cost);
  return { costUs, burstUs: Math.max(Math.floor(intervalMs * 1_000 * burst), costUs) };
};

/** From when a call at `atUs` counts where no other is due after that. A hold leaves nothing of the burst. */
export const countsFromUs = (rate: Rate, heldUntilUs: number, atUs: number): number => {
  if (heldUntilUs === 0) return atUs;
  const { costUs, burstUs } = sizes(rate);
  return Math.max(atUs, heldUntilUs + burstUs - costUs);
};

/** The first place under all rates at once. */
export const placeUnder = (
  rates: readonly { rate: Rate; state: RateState }[],
  nowMs: number,
  waitMsMax: number,
): Place & { atUs: number } => {
  const nowUs = instantUs(nowMs);
  const atUs = Math.max(nowUs, ...rates.map(({ rate, state }) => firstUs(rate, state, nowUs)));
  const waitMs = (atUs - nowUs) / 1_000;
  const idles = rates.some(({ rate, state }) => standsIdle(rate, state, nowUs, atUs));
  return { atUs, waitMs, reserved: waitMs <= waitMsMax && !idles };
};

/** The first instant from `nowUs` on at which a call may be made. */
export const firstUs = (rate: Rate, state: RateState, nowUs: number): number => {
  const { costUs, burstUs } = sizes(rate);
  return Math.max(nowUs, queuesFromUs(rate, state, nowUs) + costUs - burstUs);
};

/** When the next would be due, after a call at `atUs`. */
export const dueAfterUs = (rate: Rate, state: RateState, atUs: number): number =>
  queuesFromUs(rate, state, atUs) + sizes(rate).costUs;

export const instantUs = (ms: number): number => Math.round(ms * 1_000);

const queuesFromUs = (rate: Rate, { dueUs, heldUntilUs }: RateState, atUs: number): number =>
  Math.max(dueUs, countsFromUs(rate, heldUntilUs, atUs));

/** Whether a place so late would let others wait for what is free now. */
const standsIdle = (rate: Rate, state: RateState, nowUs: number, atUs: number): boolean => {
  const { costUs, burstUs } = sizes(rate);
  return atUs > queuesFromUs(rate, state, nowUs) && atUs > nowUs + burstUs - costUs;
};
