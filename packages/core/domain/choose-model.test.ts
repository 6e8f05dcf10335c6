import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseModel, extraMs, type Candidate, type Situation } from "./choose-model.ts";

const nano: Candidate = { id: "nano", expectedMs: 700, costUsd: 0.0001, quality: 1 };
const mid: Candidate = { id: "mid", expectedMs: 1_000, costUsd: 0.0004, quality: 2 };
const large: Candidate = { id: "large", expectedMs: 2_000, costUsd: 0.02, quality: 3 };
const offline: Candidate = { id: "offline", expectedMs: 50, costUsd: 0, quality: 1, lastResort: true };

const usual: Situation = {
  hint: "short-question",
  language: "es",
  media: false,
  customer: "standard",
  budgetLeftUsd: 1,
  timeLeftMs: 1_200,
  openCircuits: new Set(),
  candidates: [large, mid, nano, offline],
};

const chooses = (change: Partial<Situation>) => {
  const { chain, reason } = chooseModel({ ...usual, ...change });
  return [chain[0], reason];
};

describe("the first to be asked", () => {
  it.each<[string, Partial<Situation>, string | undefined, string]>([
    ["a greeting", { hint: "greeting" }, "nano", "greeting"],
    ["a short question", {}, "nano", "short-question"],
    ["a short question about a picture", { media: true }, "mid", "media"],
    ["a complex question", { hint: "complex" }, "mid", "complex"],
    ["a complaint", { hint: "complaint" }, "large", "complaint"],
    [
      "a valued customer's complex question",
      { hint: "complex", customer: "valued" },
      "large",
      "valued-customer",
    ],
    ["a valued customer's short question", { customer: "valued" }, "nano", "short-question"],
    ["time for the model to the millisecond", { timeLeftMs: 700 }, "nano", "short-question"],
    ["a millisecond less", { timeLeftMs: 699 }, "nano", "fastest-of-late"],
    [
      "a complex question, with time to the millisecond",
      { hint: "complex", timeLeftMs: 0, candidates: [nano, { ...mid, expectedMs: extraMs[2] }] },
      "mid",
      "complex",
    ],
    [
      "a complex question, a millisecond late",
      { hint: "complex", timeLeftMs: 0, candidates: [nano, { ...mid, expectedMs: extraMs[2] + 1 }] },
      "nano",
      "best-in-time",
    ],
    [
      "a complaint, with time to the millisecond",
      { hint: "complaint", timeLeftMs: 0, candidates: [{ ...large, expectedMs: extraMs[3] }, mid, nano] },
      "large",
      "complaint",
    ],
    [
      "a complaint without time for the best",
      { hint: "complaint", timeLeftMs: 0, candidates: [{ ...large, expectedMs: extraMs[3] + 1 }, mid, nano] },
      "mid",
      "best-in-time",
    ],
    ["money for it to the cent", { hint: "complaint", budgetLeftUsd: 0.02 }, "large", "complaint"],
    ["a little less money", { hint: "complaint", budgetLeftUsd: 0.0199 }, "mid", "best-in-time"],
    ["no money", { budgetLeftUsd: 0 }, "offline", "last-resort"],
    ["an open circuit", { openCircuits: new Set(["nano"]) }, "mid", "short-question"],
    [
      "a language that the cheapest doesn't speak",
      { candidates: [mid, { ...nano, languages: ["en"] }] },
      "mid",
      "short-question",
    ],
    ["nothing at all", { candidates: [] }, undefined, "no-candidate"],
  ])("with %s", (_, change, first, reason) => {
    expect(chooses(change)).toEqual([first, reason]);
  });
});

it("a language that nobody knows yet rules nobody out", () => {
  const { language: _, ...unknown } = usual;
  const candidates = [mid, { ...nano, languages: ["en"] }];
  expect(chooseModel({ ...unknown, candidates }).chain).toEqual(["nano", "mid"]);
});

it("the chain goes on to what is next best, and ends with the last resort", () => {
  expect(chooseModel(usual).chain).toEqual(["nano", "mid", "large", "offline"]);
  expect(chooseModel({ ...usual, hint: "complaint" }).chain).toEqual(["large", "mid", "nano", "offline"]);
});

it("tells why a model is out of the question, or was not taken although it is cheaper", () => {
  const { passedOver } = chooseModel({
    ...usual,
    hint: "complex",
    budgetLeftUsd: 0.01,
    openCircuits: new Set(["offline"]),
    candidates: [
      ...usual.candidates,
      { ...nano, id: "english", languages: ["en"] },
      { ...nano, id: "slow", expectedMs: 3_201 },
    ],
  });
  expect(passedOver).toEqual([
    { id: "large", reason: "over-budget" },
    { id: "offline", reason: "circuit-open" },
    { id: "english", reason: "language-unknown" },
    { id: "nano", reason: "below-quality" },
    { id: "slow", reason: "too-slow" },
  ]);
});

const candidate = (id: number): fc.Arbitrary<Candidate> =>
  fc.record(
    {
      id: fc.constant(`m${id}`),
      expectedMs: fc.nat(3_000),
      costUsd: fc.nat(10).map((cents) => cents / 100),
      quality: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
      languages: fc.subarray(["en", "es", "pt"]),
      lastResort: fc.boolean(),
    },
    { requiredKeys: ["id", "expectedMs", "costUsd", "quality"] },
  );

const situation: fc.Arbitrary<Situation> = fc.record({
  hint: fc.constantFrom("greeting", "short-question", "complex", "complaint"),
  language: fc.constantFrom("en", "es", "pt"),
  media: fc.boolean(),
  customer: fc.constantFrom("standard", "valued"),
  budgetLeftUsd: fc.nat(10).map((cents) => cents / 100),
  timeLeftMs: fc.nat(3_000),
  openCircuits: fc.subarray(["m0", "m1", "m2", "m3"]).map((ids) => new Set(ids)),
  candidates: fc.tuple(candidate(0), candidate(1), candidate(2), candidate(3)),
});

const fits = ({ openCircuits, budgetLeftUsd, language }: Situation, { id, costUsd, languages }: Candidate) =>
  !openCircuits.has(id) && costUsd <= budgetLeftUsd && (!languages || languages.includes(language ?? ""));

describe("whatever the situation", () => {
  it("everyone who may be asked is in the chain, once, and nobody else", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const expected = given.candidates.filter((one) => fits(given, one)).map(({ id }) => id);
        expect(chooseModel(given).chain.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it("more time never makes the choice worse: a model as good, or a better one", () => {
    fc.assert(
      fc.property(situation, fc.nat(3_000), (given, moreMs) => {
        const first = (timeLeftMs: number) => {
          const { chain, reason } = chooseModel({ ...given, timeLeftMs });
          return { reason, chosen: given.candidates.find(({ id }) => id === chain[0]) };
        };
        const [before, after] = [first(given.timeLeftMs), first(given.timeLeftMs + moreMs)];
        const worth = ({ reason }: typeof before) =>
          ["no-candidate", "last-resort", "fastest-of-late", "best-in-time"].indexOf(reason) + 1 || 5;
        expect(worth(after)).toBeGreaterThanOrEqual(worth(before));
        const isAsGood = (chosen: Candidate, than: Candidate) =>
          worth(after) === 5 ? chosen.costUsd <= than.costUsd : chosen.quality >= than.quality;
        const isComparable = worth(after) === worth(before) && worth(after) >= 4;
        expect(
          !isComparable || !before.chosen || !after.chosen || isAsGood(after.chosen, before.chosen),
        ).toBe(true);
      }),
    );
  });

  it("a last resort is asked after all others", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { chain } = chooseModel(given);
        const resorts = chain.map((id) => given.candidates.find((one) => one.id === id)?.lastResort ?? false);
        expect(resorts).toEqual(resorts.toSorted((a, b) => Number(a) - Number(b)));
      }),
    );
  });
});
