import { expect, test } from "vitest";
import { afterAccepting, afterFailing, afterOpening } from "./statuses.ts";

/** A generator with a seed (mulberry32), so that a failure can be repeated. */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const now = new Date("2026-11-02T10:00:00Z");
const plans = (open: boolean) =>
  Array.from({ length: 500 }, (_, seed) => afterAccepting({ open, now, random: seeded(seed) }));
const arrival = (plan: ReturnType<typeof afterAccepting>) =>
  plan.toSorted((one, other) => one.dueMs - other.dueMs).map(({ status }) => status);

test("every accepted message is reported sent, and delivered or read", () => {
  for (const open of [true, false])
    for (const plan of plans(open)) {
      expect(arrival(plan)).toContain("sent");
      expect(plan.some(({ status }) => status === (open ? "read" : "delivered"))).toBe(true);
    }
});

test("no message is read that nobody looks at", () => {
  expect(
    plans(false)
      .flat()
      .some(({ status }) => status === "read"),
  ).toBe(false);
});

test("some statuses arrive out of order, some twice, and some are left out", () => {
  const arrivals = plans(true).map(arrival);
  const late = arrivals.filter(
    (order) => order.indexOf("sent") > order.indexOf("delivered") && order.includes("delivered"),
  );
  const twice = arrivals.filter((order) => new Set(order).size < order.length);
  const silent = arrivals.filter((order) => !order.includes("delivered"));
  for (const some of [late, twice, silent]) expect(some.length).toBeGreaterThan(20);
  for (const some of [late, twice, silent]) expect(some.length).toBeLessThan(480);
});

test("what happened first happened first, in whatever order it is told", () => {
  for (const plan of plans(true)) {
    const at = (status: string) => plan.find((it) => it.status === status)?.at ?? "9";
    expect(at("sent") <= at("delivered") && at("sent") <= at("read")).toBe(true);
    for (const { at: happened, dueMs } of plan) expect(Date.parse(happened)).toBeLessThan(dueMs);
  }
});

test("opening tells read, failing tells why", () => {
  expect(new Set(afterOpening({ now, random: seeded(1) }).map(({ status }) => status))).toEqual(
    new Set(["read"]),
  );
  expect(afterFailing({ now, random: () => 0.5, error: 131047 })).toMatchObject([
    { status: "failed", error: 131047 },
  ]);
});
