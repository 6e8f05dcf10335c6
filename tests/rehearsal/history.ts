/** One history, from its plan to its end. */
// what Hilo loads when it is first needed is loaded here: reading a file takes its own time, not the rehearsal's
// oxlint-disable-next-line no-unassigned-import -- for its being loaded
import "tinyld/light";
import { virtualIntervals } from "./container.ts";
import { Broken, simulation, type Sim } from "./kernel.ts";
import { checkLiveness, recover } from "./liveness.ts";
import type { Plan } from "./plan.ts";
import { world } from "./world.ts";

export type Outcome = {
  plan: Plan;
  /** The first promise that was broken, or the error that ended the rehearsal. */
  failure?: { invariant: string; message: string };
  steps: number;
  faults: readonly string[];
  seen: ReadonlyMap<string, number>;
  trace: readonly string[];
  traceHash: string;
};

export const rehearse = async (plan: Plan, { tracing = false } = {}): Promise<Outcome> => {
  const sim = simulation(plan, { tracing });
  const restore = virtualIntervals(sim);
  const failure = await failureOf(sim).finally(restore);
  return {
    plan,
    ...(failure && { failure }),
    steps: sim.steps(),
    faults: sim.faults(),
    seen: sim.seen,
    trace: sim.trace,
    traceHash: sim.traceHash(),
  };
};

const failureOf = async (sim: Sim): Promise<Outcome["failure"]> => {
  try {
    const all = world(sim);
    const { ledger } = all.services;
    const safe = async () => {
      const violation = ledger.violation();
      if (violation) throw violation;
    };
    await sim.run(safe);
    await recover(sim, all);
    await sim.run(safe);
    await checkLiveness(sim, all);
    return undefined;
  } catch (error) {
    sim.note(`BROKEN ${String(error)}`);
    if (error instanceof Broken) return { invariant: error.invariant, message: error.message };
    return {
      invariant: "error",
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
};
