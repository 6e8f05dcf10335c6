/** Makes a failing plan as small as it can be and still break the same promise: first faults, then people, then messages. */
import { rehearse, type Outcome } from "./history.ts";
import type { Action, Plan } from "./plan.ts";

export type Shrunk = { plan: Plan; outcome: Outcome; runs: number };

const runsMax = 600;

export const shrink = async (failed: Outcome, tell: (runs: number) => void = () => {}): Promise<Shrunk> => {
  let best = failed;
  let runs = 0;

  /** Keeps the plan when it still fails alike. */
  const tries = async (plan: Plan): Promise<boolean> => {
    if (runs >= runsMax) return false;
    tell(++runs);
    const outcome = await rehearse(plan);
    if (outcome.failure?.invariant !== failed.failure?.invariant) return false;
    best = outcome;
    return true;
  };

  /** Leaves out more and more of a list: halves, quarters, single ones. */
  const without = async <Item>(
    list: (plan: Plan) => readonly Item[],
    put: (plan: Plan, rest: Item[]) => Plan,
  ) => {
    for (let size = Math.ceil(list(best.plan).length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < list(best.plan).length;) {
        const all = list(best.plan);
        const isSmaller = await tries(put(best.plan, [...all.slice(0, from), ...all.slice(from + size)]));
        if (!isSmaller) from += size;
      }
    }
  };

  await tries({ ...best.plan, faults: [...best.faults] });
  for (let before = Infinity; sizeOf(best.plan) < before;) {
    before = sizeOf(best.plan);
    await without(
      ({ faults }) => (faults === "drawn" ? [] : faults),
      (plan, faults) => ({ ...plan, faults }),
    );
    for (const key of ["clog", "outage", "dead", "deploy"] as const) {
      const { [key]: gone, ...rest } = best.plan;
      if (gone) await tries(rest);
    }
    if (best.plan.skewMs > 0) await tries({ ...best.plan, skewMs: 0 });
    for (const customer of best.plan.customers.keys())
      await tries(withActions(best.plan, (action) => action.customer !== customer));
    await without(
      ({ actions }) => actions,
      (plan, actions) => ({ ...plan, actions }),
    );
    for (const action of best.plan.actions) {
      if ("again" in action && action.again.length > 0)
        await tries(instead(best.plan, action, { ...action, again: [] }));
    }
  }
  return { plan: best.plan, outcome: best, runs };
};

const withActions = (plan: Plan, keep: (action: Action) => boolean): Plan => ({
  ...plan,
  actions: plan.actions.filter(keep),
});

const instead = (plan: Plan, before: Action, after: Action): Plan => ({
  ...plan,
  actions: plan.actions.map((action) => (action === before ? after : action)),
});

const sizeOf = ({ faults, actions, clog, outage, dead, deploy }: Plan): number =>
  (faults === "drawn" ? 1_000 : faults.length) +
  actions.length +
  [clog, outage, dead, deploy].filter(Boolean).length;
