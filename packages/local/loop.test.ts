import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeTime, pass } from "#core/testing/fake-time.ts";
import { loop, type Loop } from "./loop.ts";

fakeTime();

/** Work that says there was some so many times, then none. */
const workFor = (times: number) => {
  const worked = { times: 0 };
  return { worked, work: async () => ++worked.times <= times };
};

let running: Loop | undefined;
afterEach(() => running?.stop());

describe("a loop", () => {
  it("begins at once, and goes on while there is work", async () => {
    const { worked, work } = workFor(3);
    running = loop(200, work);
    await pass(0);
    expect(worked.times).toBe(4);
  });

  it("then looks again after the time it is given, not before", async () => {
    const { worked, work } = workFor(0);
    running = loop(200, work);
    await pass(199);
    expect(worked.times).toBe(1);
    await pass(1);
    expect(worked.times).toBe(2);
  });

  it("looks at once when it is woken", async () => {
    const { worked, work } = workFor(0);
    running = loop(200, work);
    await pass(10);
    running.wake();
    await pass(0);
    expect(worked.times).toBe(2);
    await pass(199);
    expect(worked.times).toBe(2);
  });

  it("looks again when it was woken while it worked", async () => {
    const first = Promise.withResolvers<boolean>();
    let times = 0;
    running = loop(200, async () => (++times === 1 ? first.promise : false));
    await pass(0);
    running.wake();
    first.resolve(false);
    await pass(0);
    expect(times).toBe(2);
  });

  it("works on one thing at a time, however often it is woken", async () => {
    let atOnce = 0;
    let most = 0;
    running = loop(200, async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 50));
      atOnce--;
      return true;
    });
    for (let time = 0; time < 20; time++) {
      running.wake();
      await pass(10);
    }
    const stop = running.stop();
    await pass(50);
    await stop;
    expect(most).toBe(1);
  });

  it("tells of an error, waits as it does when there is no work, and goes on", async () => {
    const errors: unknown[] = [];
    const error = new Error("no");
    let times = 0;
    running = loop(
      200,
      async () => {
        if (++times === 1) throw error;
        return false;
      },
      (problem) => errors.push(problem),
    );
    await pass(199);
    expect([times, errors]).toEqual([1, [error]]);
    await pass(1);
    expect([times, errors]).toEqual([2, [error]]);
  });
});

describe("stopping a loop", () => {
  it("waits for the work under way, and begins none after", async () => {
    const first = Promise.withResolvers<boolean>();
    let times = 0;
    const stopping = loop(200, () => (times++, first.promise));
    await pass(0);
    let stopped = false;
    const stop = stopping.stop().then(() => (stopped = true));
    await pass(1_000);
    expect(stopped).toBe(false);
    first.resolve(true);
    await stop;
    stopping.wake();
    await pass(1_000);
    expect(times).toBe(1);
  });

  it("takes no time while it waits", async () => {
    const { worked, work } = workFor(0);
    const stopping = loop(200, work);
    await pass(10);
    await stopping.stop();
    expect([worked.times, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it("twice is the same as once", async () => {
    const stopping = loop(200, async () => false);
    await Promise.all([stopping.stop(), stopping.stop()]);
    await stopping.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
