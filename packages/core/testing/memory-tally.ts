import type { Tally } from "../store/tally.ts";

/** Sums for tests and simulations: gone with the process. `nowMs` tells what is over. */
export const memoryTally = (nowMs: () => number): Tally => {
  const sums = new Map<string, { amount: number; forgetAtMs: number }>();
  const amountOf = (key: string): number => {
    const sum = sums.get(key);
    return sum && sum.forgetAtMs > nowMs() ? sum.amount : 0;
  };
  return {
    async add(key, amount, forgetAtMs) {
      sums.set(key, { amount: amountOf(key) + amount, forgetAtMs });
    },
    read: async (key) => amountOf(key),
  };
};
