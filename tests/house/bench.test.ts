/** The benchmark's own arithmetic: a wrong ratio would be believed. */
import { describe, expect, it } from "vitest";
import type { RoundResult } from "../../bench/harness/contender.ts";
import { judge } from "../../bench/harness/goals.ts";
import { summedUp, type Profile } from "../../bench/harness/profile.ts";
import { number, report } from "../../bench/harness/report.ts";
import { percentile, shuffled, summary } from "../../bench/harness/statistics.ts";
import { stopwatch } from "../../bench/harness/stopwatch.ts";
import { timesAsFastAs, type Work } from "../../bench/harness/work.ts";
import { works } from "../../bench/works/all.ts";

const profileOf = (name: string, percent: number): Profile => ({
  owners: [{ name, percent }],
  functions: [{ name, percent }],
  waitingPercent: 60,
});

const round = (ms: number, p99 = 1): RoundResult => ({
  samples: [
    { name: "s", count: 100, ms, cpuMs: ms / 2, latency: { p50: 1, p95: 1, p99, max: p99 }, figures: {} },
  ],
  peakMb: 50,
});

const work: Work = {
  name: "w",
  title: "A work",
  about: "What everybody does.",
  unit: "events",
  contenders: [
    { name: "hilo", title: "Hilo", does: "the work" },
    { name: "peer", title: "Peer", does: "it, too" },
  ],
  goals: [
    timesAsFastAs("peer", 2, "s", "twice as fast"),
    {
      says: "p99 at most 5 ms",
      measure: { contender: "hilo", sample: "s", figure: "p99" },
      bound: { atMost: 5 },
    },
  ],
};

describe("statistics", () => {
  it.each([
    { values: [3], median: 3, min: 3, max: 3 },
    { values: [4, 1], median: 2.5, min: 1, max: 4 },
    { values: [9, 1, 5], median: 5, min: 1, max: 9 },
  ])("of $values", ({ values, ...wanted }) => {
    expect(summary(values)).toEqual(wanted);
  });

  it("percentiles lie between their neighbours", () => {
    const hundred = Array.from({ length: 101 }, (_, index) => index);
    expect([0, 50, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([0, 50, 99, 100]);
    expect(percentile([0, 10], 25)).toBe(2.5);
  });

  it("an order by chance keeps everybody", () => {
    const chances = [0.9, 0.1, 0.5];
    expect(shuffled(["a", "b", "c"], () => chances.shift() ?? 0)).toEqual(["b", "c", "a"]);
  });

  it("a stopwatch counts what was done, and how long each took", async () => {
    const { time, samples } = stopwatch();
    await time(
      "s",
      2,
      (lap) => [1, 3].forEach(lap),
      () => ({ requests: 4 }),
    );
    expect(samples).toMatchObject([
      { name: "s", count: 2, latency: { p50: 2, max: 3 }, figures: { requests: 4 } },
    ]);
  });
});

describe("goals", () => {
  it.each([
    { peerMs: [20, 40, 200], met: true, median: 4 },
    { peerMs: [19, 19, 19], met: false, median: 1.9 },
  ])("compare within a round, and the median counts: $peerMs", ({ peerMs, met, median }) => {
    const result = {
      hilo: { rounds: [round(10), round(10), round(10)] },
      peer: { rounds: peerMs.map((ms) => round(ms)) },
    };
    const [faster] = judge(work, result);
    expect(faster).toMatchObject({ met });
    expect(faster?.measured?.median).toBeCloseTo(median);
  });

  it.each([
    [5, true],
    [5.1, false],
  ])("a bound of 5 holds for %d: %s", (p99, met) => {
    const result = { hilo: { rounds: [round(10, p99)] }, peer: { rounds: [round(20)] } };
    expect(judge(work, result)[1]).toMatchObject({ met });
  });

  it("are not met where somebody did not do the work, and the page says so", () => {
    const result = { hilo: { rounds: [round(10)] }, peer: { rounds: [], failed: "Error: lost an event" } };
    const verdicts = judge(work, result);
    expect(verdicts[0]).toMatchObject({ met: false, because: "peer did not do the work" });
    const page = report({
      machine: { commit: "abc" },
      measured: [{ work, result, verdicts, profile: profileOf("zod", 41.2) }],
      rounds: 1,
      quick: false,
      minutes: 2,
    });
    expect(page).toContain("**It did not do the work**: lost an event");
    expect(page).toContain("| [A work](#a-work) | twice as fast | peer did not do the work | **not met** |");
    expect(page).toContain("zod 41 %");
  });

  it("a page says by how much a goal was missed", () => {
    const result = { hilo: { rounds: [round(20)] }, peer: { rounds: [round(20)] } };
    const measured = [{ work, result, verdicts: judge(work, result), profile: profileOf("parse", 12.3) }];
    const page = report({ machine: {}, measured, rounds: 1, quick: false, minutes: 1 });
    expect(page).toContain("**not met**: 0.50 of it");
    expect(page).toContain("“twice as fast” (0.50 of it). In this work Hilo waits 60 % of the time");
    expect(page).toContain("take most: parse 12 %.");
  });
});

it.each([
  [0.1234, "0.12"],
  [12.34, "12.3"],
  [1234.5, "1,235"],
  [Number.NaN, "–"],
])("%d is shown as %s", (value, shown) => {
  expect(number(value)).toBe(shown);
});

it("a profile is summed up by package and by function, apart from the time of waiting", () => {
  const frame = (id: number, functionName: string, url = "") => ({ id, callFrame: { functionName, url } });
  const nodes = [
    frame(1, "(idle)"),
    frame(2, "parse", "file:///x/node_modules/zod/v4/core.js"),
    frame(3, "send", "file:///x/node_modules/@smithy/core/index.js"),
    frame(4, "(garbage collector)"),
  ];
  const found = summedUp({ nodes, samples: [1, 2, 2, 3, 4], timeDeltas: [12, 1, 1, 1, 1] });
  expect(found.waitingPercent).toBe(75);
  expect(found.functions).toEqual([
    { name: "`parse` in zod", percent: 50 },
    { name: "`send` in the AWS SDK", percent: 25 },
    { name: "garbage collection", percent: 25 },
  ]);
  expect(found.owners).toEqual([
    { name: "zod", percent: 50 },
    { name: "the AWS SDK", percent: 25 },
    { name: "garbage collection", percent: 25 },
  ]);
});

it("every goal is of a contender that takes part, and every work has Hilo in it", () => {
  for (const { name, contenders, goals } of works) {
    const names = contenders.map((contender) => contender.name);
    expect([name, names.includes("hilo")]).toEqual([name, true]);
    for (const { measure, against } of goals)
      expect(names).toEqual(expect.arrayContaining([measure.contender, against?.contender ?? "hilo"]));
  }
});
