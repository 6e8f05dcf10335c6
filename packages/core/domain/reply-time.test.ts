import { describe, expect, it } from "vitest";
import { after, noon } from "../testing/given.ts";
import {
  answerMsMax,
  attemptMs,
  hopsToComeMs,
  leaseMs,
  patienceLeftMs,
  silenceMsMax,
  targetMs,
  timeLeftMs,
  worthHoldingMs,
} from "./reply-time.ts";

const at = (ms: number): number => Date.parse(after(ms));
const forModelMs = targetMs - hopsToComeMs;
const silentMs = silenceMsMax - hopsToComeMs;

it.each([
  { passedMs: 0, leftMs: forModelMs },
  { passedMs: 700, leftMs: forModelMs - 700 },
  { passedMs: forModelMs, leftMs: 0 },
  { passedMs: 60_000, leftMs: 0 },
])("$passedMs ms after the message, $leftMs ms are left for the model", ({ passedMs, leftMs }) => {
  expect(timeLeftMs(noon, at(passedMs))).toBe(leftMs);
});

describe("patience is asked for", () => {
  it.each([
    ["when the silence is over", 0, 500, silentMs],
    ["at once, when the answer is certain to be late", 0, silentMs + worthHoldingMs + 1, 0],
    ["when the silence is over, where the answer may be in time", 0, silentMs + worthHoldingMs, silentMs],
    ["not for an answer that comes right behind it, however late it is", 60_000, 500, worthHoldingMs],
    ["at once, however late it is, for an answer that takes longer", 60_000, worthHoldingMs + 1, 0],
  ])("%s", (_, passedMs, expectedMs, patienceMs) => {
    expect(patienceLeftMs(noon, at(passedMs), expectedMs)).toBe(patienceMs);
  });
});

it.each([
  { expectedMs: 500, leftMs: 20_000, hasOthers: true, ms: 3_000 },
  { expectedMs: 2_000, leftMs: 20_000, hasOthers: true, ms: 8_000 },
  { expectedMs: 2_000, leftMs: 5_000, hasOthers: true, ms: 5_000 },
  { expectedMs: 500, leftMs: 20_000, hasOthers: false, ms: 20_000 },
])("a model of $expectedMs ms, others behind it: $hasOthers, has $ms of $leftMs", (row) => {
  expect(attemptMs(row.expectedMs, row.leftMs, row.hasOthers)).toBe(row.ms);
});

it("a claim outlives the longest answer", () => {
  expect(leaseMs).toBeGreaterThan(answerMsMax);
});
