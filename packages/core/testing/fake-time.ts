/** A clock that a test turns. Call `fakeTime` at the top of its file. */
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, vi } from "vitest";

export const fakeTime = (): void => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());
};

/** Lets time pass, and lets what was begun before and by it go on as far as it can. */
export const pass = async (ms: number): Promise<void> => {
  await settled();
  await vi.advanceTimersByTimeAsync(ms);
  await settled();
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
};
