/** Where a handler runs: one invocation at a time, its own clock, and every call to the outside may be its last. */
import type { FaultKind } from "./plan.ts";
import { startMs, type Sim } from "./kernel.ts";

export type Invocation = {
  /** Names it in the trace, and no other. */
  name: string;
  calls: number;
  /** Its promise never resolves, and nothing that it still begins has an effect. */
  dead: boolean;
  intervals: Set<Interval>;
  died: () => void;
};

type Interval = { stopped: boolean };

export type Container = {
  /** By how much its clock is wrong. */
  skewMs: number;
  /** Which deployment it is of. */
  deployment: "before" | "after";
  invocation: Invocation | undefined;
};

/** A call to a service failed, and nobody knows whether it had its effect. */
class ServiceFault extends Error {
  override name = "ServiceFault";
}

export const kill = (sim: Sim, invocation: Invocation, why: string): void => {
  if (invocation.dead) return;
  sim.note(`    ${invocation.name} dies: ${why}`);
  invocation.dead = true;
  for (const interval of invocation.intervals) interval.stopped = true;
  invocation.died();
};

/** Whose turn it is: what it begins in this step is its own. */
let active: Invocation | undefined;
export const activate = (invocation: Invocation | undefined): void => {
  active = invocation;
};

/** Intervals in virtual time, which end with the invocation that began them. Answers how to take them back. */
export const virtualIntervals = (sim: Sim): (() => void) => {
  const real = { setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval };
  const begin = (work: () => void, ms: number): Interval => {
    const interval = { stopped: false };
    const invocation = active;
    invocation?.intervals.add(interval);
    const again = () => {
      if (interval.stopped) return;
      activate(invocation);
      work();
      sim.after(ms, `${invocation?.name} again`, again);
    };
    sim.after(ms, `${invocation?.name} again`, again);
    return interval;
  };
  Object.assign(globalThis, {
    setInterval: begin,
    clearInterval: (interval: Interval) => void (interval.stopped = true),
  });
  return () => void Object.assign(globalThis, real);
};

const never = <Result>(): Promise<Result> => new Promise(() => {});

export type Call = <Result>(
  what: string,
  effect: () => Promise<Result>,
  options?: {
    /** The conversation it is about, which may be clogged. */
    stream?: string | undefined;
    delayMs?: number;
    /** What goes wrong with this call; else what goes wrong with any. */
    faults?: readonly FaultKind[];
  },
) => Promise<Result>;

const anyCall: readonly FaultKind[] = ["slow", "crash-before", "crash-after", "error-before", "error-after"];

/** One step of the history per call: it is delayed, and then done, refused, answered or not; or the caller dies. */
export const caller =
  (sim: Sim, container: Container): Call =>
  (what, effect, { stream, delayMs, faults = anyCall } = {}) => {
    const { invocation } = container;
    if (!invocation || invocation.dead) return never();
    const site = `${invocation.name} #${++invocation.calls} ${what}`;
    const happens = (kind: FaultKind) => faults.includes(kind) && sim.fault(kind, site);
    const slowMs = happens("slow") ? sim.between(`slow ${site}`, 500, 3_000) : 0;
    const ms = slowMs + (delayMs ?? sim.between(`delay ${site}`, 1, 25));
    return new Promise((resolve, reject) => {
      sim.after(ms, site, () => {
        // a request that has left may arrive although its sender is dead
        if (invocation.dead && !sim.fault("late-effect", site)) return;
        activate(invocation);
        if (happens("crash-before")) return kill(sim, invocation, "before the effect");
        if (happens("error-before") || isClogged(sim, stream, site))
          return reject(new ServiceFault(`${what} failed`));
        const done = effect();
        done.catch(() => undefined);
        if (happens("crash-after")) return kill(sim, invocation, "after the effect");
        if (happens("error-after")) return reject(new ServiceFault(`${what} gave no answer`));
        if (!invocation.dead) done.then(resolve, reject);
      });
    });
  };

/** Whether nobody gets through to this service now. */
export const isOut = (sim: Sim, of: "graph" | "model", site: string): boolean => {
  const { outage } = sim.plan;
  const sinceMs = sim.nowMs() - startMs;
  if (outage?.of !== of || sinceMs < outage.fromMs || sinceMs > outage.untilMs) return false;
  return sim.fault("outage", site);
};

/** For a while, most calls about some conversations fail. */
const isClogged = (sim: Sim, stream: string | undefined, site: string): boolean => {
  const { clog } = sim.plan;
  const sinceMs = sim.nowMs() - startMs;
  if (!clog || !stream || sinceMs < clog.fromMs || sinceMs > clog.untilMs) return false;
  return sim.unit(`clogged ${stream}`) < clog.share && sim.fault("clog", site);
};

/** Time that is only waited for, within an invocation. */
export const sleeper =
  (sim: Sim, container: Container) =>
  (ms: number): Promise<void> => {
    const { invocation } = container;
    if (!invocation || invocation.dead) return never();
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      sim.after(ms, `${invocation.name} #${++invocation.calls} has waited`, () => {
        activate(invocation);
        if (!invocation.dead) resolve();
      });
    });
  };

/** Does something later, unless it is called off or its invocation is dead by then. */
export const delayer =
  (sim: Sim, container: Container) =>
  (ms: number, act: () => void): (() => void) => {
    const { invocation } = container;
    let isOff = false;
    if (invocation && !invocation.dead)
      sim.after(ms, `${invocation.name} #${++invocation.calls} has delayed`, () => {
        if (isOff || invocation.dead) return;
        activate(invocation);
        act();
      });
    return () => void (isOff = true);
  };
