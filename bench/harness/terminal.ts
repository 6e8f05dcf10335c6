import type { Verdict } from "./goals.ts";
import { number } from "./report.ts";
import type { WorkResult } from "./rounds.ts";
import { summary } from "./statistics.ts";
import type { Work } from "./work.ts";

/** One work's figures and goals, for a terminal. */
export const showGoals = (work: Work, result: WorkResult, verdicts: readonly Verdict[]): string =>
  [
    `\n${work.title}`,
    ...work.contenders.flatMap(({ name, title }) => lines(work, title, result[name])),
    ...verdicts.map(verdictLine),
  ].join("\n");

const lines = (work: Work, title: string, so: WorkResult[string] | undefined): string[] => {
  if (so?.failed !== undefined) return [`  ${title.padEnd(18)} did not do the work: ${so.failed}`];
  if (so?.unavailable !== undefined) return [`  ${title.padEnd(18)} not run: ${so.unavailable}`];
  const names = so?.rounds[0]?.samples.map(({ name }) => name) ?? [];
  return names.map((name) => {
    const samples = (so?.rounds ?? []).flatMap((round) =>
      round.samples.filter((sample) => sample.name === name),
    );
    const rate = summary(samples.map(({ count, ms }) => (count / ms) * 1000));
    const cpu = summary(samples.map(({ count, cpuMs }) => (cpuMs / count) * 1000)).median;
    const p99 = samples.flatMap(({ latency }) => (latency ? [latency.p99] : []));
    const figures = Object.keys(samples[0]?.figures ?? {}).map(
      (figure) =>
        `${figure} ${number(summary(samples.map((sample) => sample.figures[figure] ?? Number.NaN)).median)}`,
    );
    if (samples.some(({ count }) => count === 0))
      return [`  ${title.padEnd(18)} ${name.padEnd(22)}`, ...figures].join("  ");
    return [
      `  ${title.padEnd(18)} ${name.padEnd(16)}`,
      `${number(rate.median).padStart(9)} ${work.unit}/s (${number(rate.min)}–${number(rate.max)})`,
      `${number(cpu)} µs CPU`,
      ...(p99.length > 0 ? [`p99 ${number(summary(p99).median)} ms`] : []),
      ...figures,
    ].join("  ");
  });
};

const verdictLine = ({ goal, measured, met, because }: Verdict): string =>
  `  ${met ? "✓" : "✗"} ${goal.says}: ${measured ? `${number(measured.median)} (${number(measured.min)}–${number(measured.max)})` : (because ?? "")}`;
