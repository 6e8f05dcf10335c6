/** What was measured, as a page. Pure: the same results give the same page. */
import type { Sample } from "./contender.ts";
import type { Verdict } from "./goals.ts";
import type { Machine } from "./machine.ts";
import type { Profile, Share } from "./profile.ts";
import type { ContenderResult, WorkResult } from "./rounds.ts";
import { summary, type Summary } from "./statistics.ts";
import type { Goal, Work } from "./work.ts";

export type Measured = { work: Work; result: WorkResult; verdicts: Verdict[]; profile: Profile | undefined };
export type Run = { machine: Machine; measured: Measured[]; rounds: number; quick: boolean; minutes: number };

export const report = ({ machine, measured, rounds, quick, minutes }: Run): string =>
  [
    "# Benchmarks",
    "",
    `Written by \`npm run bench\`; nothing here is typed by hand. Each work ran ${rounds} rounds (fewer where it says so), in each of them every contender in a process of its own, in another order each time. A figure is the median of the rounds, with the least and the greatest behind it. A ratio is the median of the ratios within one round, so what slows the machine slows both sides. Every contender's result was checked before its time counted.${quick ? " **This was a quick run, at a tenth of the load: good for a look, not for a claim.**" : ""}`,
    "",
    ...table(["", ""], [...Object.entries(machine), ["took", `${minutes.toFixed(1)} minutes`]]),
    "",
    "## Goals",
    "",
    ...table(["Work", "Goal", "Measured", ""], measured.flatMap(goalRows)),
    ...measured.flatMap(section),
    "",
  ].join("\n");

const goalRows = ({ work, verdicts }: Measured): string[][] =>
  verdicts.map(({ goal, measured, met, because }) => [
    `[${work.title}](#${anchor(work.title)})`,
    goal.says,
    measured ? goalFigure(goal, measured) : (because ?? ""),
    met ? "met" : `**not met**${measured ? `: ${shortfall(goal, measured.median)}` : ""}`,
  ]);

const goalFigure = ({ against, measure }: Goal, { median, min, max }: Summary): string => {
  const unit = against
    ? "×"
    : { usPerItem: " µs", ms: " ms", p99: " ms", perSecond: "/s", value: "" }[unitOf(measure)];
  return `${number(median)}${unit} (${number(min)}–${number(max)})`;
};

const unitOf = ({ figure }: Goal["measure"]) => (typeof figure === "string" ? figure : "value");

/** By how much. */
const shortfall = ({ bound }: Goal, value: number): string =>
  "atLeast" in bound
    ? `${number(value / bound.atLeast)} of it`
    : `${number(value / bound.atMost)} times as much`;

const section = ({ work, result, verdicts, profile }: Measured): string[] => [
  "",
  `## ${work.title}`,
  "",
  `${work.about} \`npm run bench -- ${work.name}\`${work.rounds ? ` (${work.rounds} rounds)` : ""}`,
  "",
  ...work.contenders.map(({ name, title, does }) => `- **${title}** ${does}${state(result[name])}.`),
  "",
  ...table(
    [
      "",
      "",
      `${work.unit}/s`,
      `CPU µs per ${singular(work.unit)}`,
      "p50 ms",
      "p95 ms",
      "p99 ms",
      "peak MB",
      "other figures",
    ],
    work.contenders.flatMap(({ name, title }) => rows(title, result[name])),
    "ll------l",
  ),
  ...(profile
    ? ["", `Where Hilo's CPU goes while the clock runs, from a profile: ${listed(profile.owners)}.`]
    : []),
  ...missed(verdicts, profile),
];

/** Why, as far as a profile can say it. */
const missed = (verdicts: readonly Verdict[], profile: Profile | undefined): string[] => {
  const goals = verdicts.flatMap(({ goal, measured, met }) =>
    met || !measured ? [] : [`“${goal.says}” (${shortfall(goal, measured.median)})`],
  );
  if (goals.length === 0 || !profile) return [];
  const { functions, waitingPercent } = profile;
  return [
    "",
    `**Not met**: ${goals.join("; ")}. In this work Hilo waits ${waitingPercent.toFixed(0)} % of the time, for a server, a disk or its turn; of the rest, these functions themselves take most: ${listed(functions)}${onDisk(functions)}.`,
  ];
};

/** The process stands still meanwhile, so a profile takes it for work. */
const onDisk = (functions: readonly Share[]): string =>
  functions.some(({ name }) => name === "exec (native)")
    ? "; `exec` is SQLite's transactions, with their waits for the disk"
    : "";

const listed = (shares: readonly Share[]): string =>
  shares.map(({ name, percent }) => `${name} ${percent.toFixed(0)} %`).join(", ");

const state = (so: ContenderResult | undefined): string =>
  so?.failed !== undefined
    ? `. **It did not do the work**: ${firstLine(so.failed)}`
    : so?.unavailable !== undefined
      ? ` (not run: ${so.unavailable})`
      : "";

const firstLine = (text: string): string => (text.split("\n")[0] ?? "").replace(/^Error: /, "").slice(0, 200);

const rows = (title: string, so: ContenderResult | undefined): string[][] => {
  const names = so?.rounds[0]?.samples.map(({ name }) => name) ?? [];
  const peak = so && so.rounds.length > 0 ? summary(so.rounds.map(({ peakMb }) => peakMb)).median : 0;
  return names.map((name, index) => {
    const samples = (so?.rounds ?? []).flatMap((round) =>
      round.samples.filter((sample) => sample.name === name),
    );
    return [
      index === 0 ? title : "",
      name,
      ...figures(samples),
      index === 0 ? number(peak) : "",
      others(samples),
    ];
  });
};

/** A sample that counts nothing has only its other figures. */
const figures = (samples: readonly Sample[]): string[] =>
  samples.some(({ count }) => count === 0) ? ["", "", "", "", ""] : timed(samples);

const timed = (samples: readonly Sample[]): string[] => [
  spread(samples.map(({ count, ms }) => (count / ms) * 1000)),
  number(summary(samples.map(({ count, cpuMs }) => (cpuMs / count) * 1000)).median),
  ...(["p50", "p95", "p99"] as const).map((which) => {
    const values = samples.flatMap(({ latency }) => (latency ? [latency[which]] : []));
    return values.length > 0 ? number(summary(values).median) : "";
  }),
];

const others = (samples: readonly Sample[]): string =>
  Object.keys(samples[0]?.figures ?? {})
    .map(
      (name) =>
        `${name} ${number(summary(samples.map((sample) => sample.figures[name] ?? Number.NaN)).median)}`,
    )
    .join(", ");

const spread = (values: readonly number[]): string => {
  const { median, min, max } = summary(values);
  return `${number(median)} (${number(min)}–${number(max)})`;
};

/** Three digits that matter. */
export const number = (value: number): string => {
  if (!Number.isFinite(value)) return "–";
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
};

const singular = (plural: string): string => plural.replace(/s$/, "");

const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");

const table = (head: string[], body: string[][], align = "l".repeat(head.length)): string[] => [
  `| ${head.join(" | ")} |`,
  `| ${[...align].map((side) => (side === "l" ? "---" : "---:")).join(" | ")} |`,
  ...body.map((row) => `| ${row.join(" | ")} |`),
];
