import { circuits } from "#core/clients/circuit-breaker.ts";
import type { CircuitStore, Circuits } from "#core/clients/circuits.ts";
import { describeError, type Log } from "./log.ts";

/** Circuits whose store may fail: that is logged, and costs no call. */
export const openCircuits = (
  store: CircuitStore,
  { clock, log }: { clock: () => Date; log: Log },
): Circuits =>
  circuits({
    store,
    clock,
    report: (fault) => log("error", "a circuit could not be noted", { error: describeError(fault) }),
  });
