/** Virtual time, and everything that may go wrong, all decided by one seed: the same plan is the same history. */
import { chance, hash, type Chance } from "./chance.ts";
import { heap } from "./heap.ts";
import type { FaultKind, Plan } from "./plan.ts";

/** A promise of Hilo's is broken. */
export class Broken extends Error {
  override name = "Broken";
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

export type Sim = Chance & {
  plan: Plan;
  nowMs(): number;
  /** Does the work after so long. What is due at the same moment comes in any order. */
  after(delayMs: number, what: string, work: () => void): void;
  /** Whether this goes wrong here. `what` names the place, and only this one in the whole history. */
  fault(kind: FaultKind, what: string): boolean;
  /** Something worth seeing has happened: a suite in which it never does is no good. */
  saw(what: string): void;
  note(line: string): void;
  /** Does all there is to do, one thing at a time; `check` comes after each. */
  run(check: () => Promise<void>): Promise<void>;
  steps(): number;
  /** Everything that went wrong, in order. */
  faults(): readonly string[];
  seen: ReadonlyMap<string, number>;
  trace: readonly string[];
  /** Tells one trace from another. */
  traceHash(): string;
};

type Due = { atMs: number; key: number; what: string; work: () => void };

export const startMs = Date.parse("2026-11-23T09:00:00.000Z");
/** The longest honest history takes a third. */
const stepsMax = 30_000;

export const simulation = (plan: Plan, { tracing = false } = {}): Sim => {
  const { unit, between, pick } = chance(plan.seed);
  const due = heap<Due>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.key < b.key));
  const chosen = plan.faults === "drawn" ? undefined : new Set(plan.faults);
  const fired: string[] = [];
  const seen = new Map<string, number>();
  const trace: string[] = [];
  let nowMs = startMs;
  let steps = 0;
  let traced = 0;

  const saw = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);
  /** Whether faults are over: from then on everything has to come to its end. */
  const isCalm = () => nowMs >= startMs + plan.calmAtMs;
  const note = (line: string) => {
    traced = hash(line, traced ^ nowMs);
    if (tracing) trace.push(`${clockTime(nowMs - startMs)}  ${line}`);
  };

  return {
    plan,
    unit,
    between,
    pick,
    nowMs: () => nowMs,
    saw,
    note,

    after(delayMs, what, work) {
      due.push({ atMs: nowMs + Math.max(0, delayMs), key: hash(what, plan.seed), what, work });
    },

    fault(kind, what) {
      const id = `${kind} at ${what}`;
      if (isCalm()) return false;
      if (!(chosen?.has(id) ?? unit(id) < (plan.rates[kind] ?? 0))) return false;
      fired.push(id);
      saw(kind);
      note(`    FAULT ${kind}`);
      return true;
    },

    async run(check) {
      for (let next = due.pop(); next; next = due.pop()) {
        if (++steps > stepsMax) throw new Broken("L1", `it has no end: ${next.what}`);
        nowMs = Math.max(nowMs, next.atMs);
        note(next.what);
        next.work();
        await settled();
        await check();
      }
    },

    steps: () => steps,
    faults: () => fired,
    seen,
    trace,
    traceHash: () => `${steps}-${traced.toString(16)}`,
  };
};

const realSetImmediate = setImmediate;

/** Until all that follows from what has just been done is done: nothing here waits for anything real. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    realSetImmediate(resolve);
  });

const clockTime = (ms: number): string => {
  const [days, rest] = [Math.floor(ms / 86_400_000), ms % 86_400_000];
  return `${days > 0 ? `${days}d ` : ""}${new Date(rest).toISOString().slice(11, 23)}`;
};
