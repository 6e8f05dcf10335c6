/** What is measured, and what it must come to. */

export type Work = {
  name: string;
  title: string;
  /** What everybody does here, in a sentence or two. */
  about: string;
  /** What is counted, in the plural. */
  unit: string;
  /** Files beside `work.ts`, without `.ts`; `hilo` is always one of them. */
  contenders: readonly { name: string; title: string; does: string }[];
  goals: readonly Goal[];
  /** When another number of rounds than the default is enough. */
  rounds?: number;
};

/** One figure of a contender's sample. `value` reads another figure that the sample carries. */
export type Measure = {
  contender: string;
  sample: string;
  figure: "perSecond" | "usPerItem" | "ms" | "p99" | { value: string };
};

/** The measure, or its ratio to another of the same round; the median over the rounds is held against the bound. */
export type Goal = {
  says: string;
  measure: Measure;
  against?: Measure;
  bound: { atLeast: number } | { atMost: number };
};

/** Hilo does a sample at least this many times as fast as another contender. */
export const timesAsFastAs = (contender: string, atLeast: number, sample: string, says: string): Goal => ({
  says,
  measure: { contender: "hilo", sample, figure: "perSecond" },
  against: { contender, sample, figure: "perSecond" },
  bound: { atLeast },
});
