import { expect, test } from "vitest";
import { readInstant } from "./clock.ts";

const receivedAt = "2026-11-20T12:00:00.000Z";
const seconds = Date.parse(receivedAt) / 1000;

test.each([
  ["a text", String(seconds - 60), { at: "2026-11-20T11:59:00.000Z" }],
  ["a number", seconds - 60, { at: "2026-11-20T11:59:00.000Z" }],
  ["a little ahead of us", seconds + 300, { at: "2026-11-20T12:05:00.000Z" }],
  ["more than five minutes ahead", seconds + 301, { at: receivedAt, clock: "future" }],
  ["in milliseconds", seconds * 1000, { at: receivedAt, clock: "future" }],
  ["beyond any date", "99999999999999999999", { at: receivedAt, clock: "future" }],
  ["infinite", Infinity, { at: receivedAt, clock: "future" }],
  ["zero", "0", { at: receivedAt, clock: "missing" }],
  ["negative", -1, { at: receivedAt, clock: "missing" }],
  ["absent", undefined, { at: receivedAt, clock: "missing" }],
  ["null", null, { at: receivedAt, clock: "missing" }],
  ["empty", "", { at: receivedAt, clock: "missing" }],
  ["a date in words", "2026-11-20", { at: receivedAt, clock: "missing" }],
  ["not a number", NaN, { at: receivedAt, clock: "missing" }],
])("F19: a timestamp that is %s", (_, timestamp, instant) => {
  expect(readInstant(timestamp, receivedAt)).toEqual(instant);
});
