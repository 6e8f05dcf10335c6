/** What takes part in a work: one file `works/<work>/<contender>.ts`, run in a process of its own. */

import type { Profile } from "./profile.ts";

/** What every contender is told. */
export type Context = {
  /** Empty at first, kept for all rounds of the run: what `prepare` made is here. */
  preparedDir: string;
  /** Empty at first, and gone after the round. */
  roundDir: string;
  /** Where the DynamoDB-compatible server listens; every contender's. */
  endpoint: string;
  /** Names what this round makes on the server, where it cannot be deleted as a folder can. */
  roundName: string;
  /** As many as the work wants, or a tenth of it with `--quick`. */
  scaled(count: number): number;
};

/** Times one part of a work. `count` is of the work's units. */
export type Stopwatch = (
  sample: string,
  count: number,
  work: (lap: Lap) => unknown,
  /** Other figures of the sample, known when the work is done. */
  figures?: () => Record<string, number>,
) => Promise<void>;

/** Records how long one operation took. */
export type Lap = (milliseconds: number) => void;

export type Round = {
  /** A part of the work on other data, so that everybody's code is compiled when the clock starts. */
  warmUp?(): Promise<void>;
  run(time: Stopwatch): Promise<void>;
  /** Throws when the work was not done, and done correctly. */
  verify(): Promise<void>;
  close?(): Promise<void>;
};

export type Contender = {
  /** Once for all rounds, in a process of its own, unmeasured. */
  prepare?(context: Context): Promise<void>;
  open(context: Context): Promise<Round>;
};

/** What a round measured, as the process sends it. */
export type Sample = {
  name: string;
  count: number;
  ms: number;
  cpuMs: number;
  /** Of the single operations, in ms; absent where they were not timed. */
  latency?: { p50: number; p95: number; p99: number; max: number };
  figures: Record<string, number>;
};

export type RoundResult = { samples: Sample[]; peakMb: number; profile?: Profile };
