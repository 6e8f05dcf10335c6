import { atRest, dueAfterUs, instantUs, placeUnder, type RateState } from "../store/gcra.ts";
import type { Pacing } from "../store/pacing.ts";

/** Pacing for tests and simulations: gone with the process, and nothing is forgotten before. */
export const memoryPacing = (): Pacing => {
  const states = new Map<string, RateState>();
  const stateOf = (key: string) => states.get(key) ?? atRest;
  return {
    async reserve(rates, nowMs, waitMsMax) {
      const known = rates.map((rate) => ({ rate, state: stateOf(rate.key) }));
      const { atUs, waitMs, reserved } = placeUnder(known, nowMs, waitMsMax);
      if (reserved)
        for (const { rate, state } of known)
          states.set(rate.key, { ...state, dueUs: dueAfterUs(rate, state, atUs) });
      return { waitMs, reserved };
    },

    async hold(key, untilMs) {
      const state = stateOf(key);
      states.set(key, { ...state, heldUntilUs: Math.max(state.heldUntilUs, instantUs(untilMs)) });
    },
  };
};
