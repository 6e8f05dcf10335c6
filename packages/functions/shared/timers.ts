/** This process's time, as handlers are given it. */
import { setTimeout as after } from "node:timers/promises";

export const sleep = async (ms: number): Promise<void> => {
  if (ms > 0) await after(ms);
};

/** Calls `act` after so long, unless what it answers is called before. */
export const delay = (ms: number, act: () => void): (() => void) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};
