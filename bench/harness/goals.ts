/** Holds what was measured against the goals. */
import type { RoundResult, Sample } from "./contender.ts";
import type { WorkResult } from "./rounds.ts";
import { summary, type Summary } from "./statistics.ts";
import type { Goal, Measure, Work } from "./work.ts";

export type Verdict = {
  goal: Goal;
  /** Over the rounds; absent when somebody did not do the work. */
  measured?: Summary;
  met: boolean;
  /** Why nothing was measured. */
  because?: string;
};

export const judge = (work: Work, result: WorkResult): Verdict[] =>
  work.goals.map((goal) => {
    for (const { contender } of [goal.measure, ...(goal.against ? [goal.against] : [])]) {
      const because = absence(result, contender);
      if (because !== undefined) return { goal, met: false, because };
    }
    const measured = summary(valuesOf(goal, result));
    return { goal, measured, met: keeps(goal, measured.median) };
  });

/** Of the same round, so that what slows the machine down slows both. */
const valuesOf = ({ measure, against }: Goal, result: WorkResult): number[] => {
  const values = figures(result, measure);
  if (!against) return values;
  const others = figures(result, against);
  return values.slice(0, others.length).map((value, round) => value / (others[round] ?? Number.NaN));
};

const keeps = ({ bound }: Goal, value: number): boolean =>
  "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;

const absence = (result: WorkResult, contender: string): string | undefined => {
  const so = result[contender];
  if (so?.failed !== undefined) return `${contender} did not do the work`;
  return so && so.rounds.length > 0 ? undefined : `${contender} was not run`;
};

const figures = (result: WorkResult, measure: Measure): number[] =>
  (result[measure.contender]?.rounds ?? []).map((round) =>
    figureOf(sampleOf(round, measure.sample), measure),
  );

const sampleOf = ({ samples }: RoundResult, name: string): Sample => {
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`nobody measured ${name}`);
  return sample;
};

const figureOf = (sample: Sample, { figure }: Measure): number => {
  switch (figure) {
    case "perSecond":
      return (sample.count / sample.ms) * 1000;
    case "usPerItem":
      return (sample.ms / sample.count) * 1000;
    case "ms":
      return sample.ms;
    case "p99":
      return sample.latency?.p99 ?? Number.NaN;
    default:
      return sample.figures[figure.value] ?? Number.NaN;
  }
};
