import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noon } from "../testing/given.ts";
import type { Context } from "../views/context.ts";
import { contextTokens, overheadTokens, recentTurnsMax, withinBudget } from "./within-budget.ts";

/** "word word word": as many tokens as words, about. */
const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");

type Turn = Context["turns"][number];
const turn = (version: number, from: Turn["from"], session = 2, text = words(10)): Turn => ({
  id: `m${version}`,
  version,
  from,
  at: noon,
  kind: "text",
  text,
  session,
});

/** Two turns of yesterday, twelve of today, and then two that wait for an answer. */
const whole: Context = {
  version: 60,
  language: "en",
  session: { number: 2, lastAt: noon },
  turns: [
    turn(20, "customer", 1),
    turn(21, "business", 1),
    ...Array.from({ length: 12 }, (_, at) => turn(30 + at, at % 2 ? "business" : "customer")),
    turn(50, "customer"),
    turn(51, "customer"),
  ],
  summary: { upTo: 19, text: words(20) },
  facts: [
    { name: "name", value: "Ana" },
    { name: "diet", value: "vegan" },
  ],
  openQuestions: ["Is there parking?", "Do you deliver?"],
  findings: [{ id: "m5", version: 5, kind: "document", text: "order.pdf" }],
};

/** What there is of it, with the versions of its turns. */
const kept = ({ turns, summary, facts = [], openQuestions = [], findings = [] }: Context) => ({
  turns: turns.map(({ version }) => version),
  summary: summary !== undefined,
  facts: facts.map(({ name }) => name),
  questions: openQuestions.length,
  findings: findings.length,
});

/** The least budget at which something is there. */
const priceOf = (isThere: (context: Context) => boolean): number => {
  for (let budget = 0; ; budget++) if (isThere(withinBudget(whole, budget))) return budget;
};

describe("a context within a budget", () => {
  it("is whole when there is room, and without a budget", () => {
    expect(withinBudget(whole)).toBe(whole);
    expect(withinBudget(whole, contextTokens(whole))).toEqual(whole);
    expect(withinBudget(whole, contextTokens(whole) - 1)).not.toEqual(whole);
  });

  it("has what waits for an answer first, then questions, the last turns, the summary, facts, findings, older turns", () => {
    const prices = [
      priceOf(({ turns }) => turns.some(({ version }) => version === 51)),
      priceOf(({ turns }) => turns.some(({ version }) => version === 50)),
      priceOf(({ openQuestions = [] }) => openQuestions.length === 2),
      priceOf(({ turns }) => turns.some(({ version }) => version === 41)),
      priceOf(({ turns }) => turns.length === recentTurnsMax),
      priceOf(({ summary }) => summary !== undefined && summary.text === words(20)),
      priceOf(({ facts = [], summary }) => facts.length === 2 && summary !== undefined),
      priceOf(({ findings = [], facts = [] }) => findings.length === 1 && facts.length === 2),
      priceOf(({ turns, findings = [] }) => turns.length > recentTurnsMax && findings.length === 1),
      priceOf(({ turns }) => turns[0]?.version === 20),
    ];
    expect(prices).toEqual(prices.toSorted((one, other) => one - other));
    expect(new Set(prices).size).toBe(prices.length);
  });

  it("has the newest facts and questions when there is no room for all", () => {
    const least = priceOf(({ openQuestions = [] }) => openQuestions.length > 0);
    expect(withinBudget(whole, least).openQuestions).toEqual(["Do you deliver?"]);
  });

  it("counts a session that ended as older, however few turns this one has", () => {
    const fresh = { ...whole, turns: [...whole.turns.slice(0, 2), turn(50, "customer", 2)] };
    const tight = contextTokens(fresh) - overheadTokens - 5;
    expect(kept(withinBudget(fresh, tight))).toMatchObject({ turns: [21, 50], summary: true, findings: 1 });
  });

  it("shortens the newest turn where it must, and has nothing where not a word fits", () => {
    const long = { ...whole, turns: [turn(1, "customer", 1, "á".repeat(4_000))] };
    const [only] = withinBudget(long, 100).turns;
    expect(only?.text?.length).toBeGreaterThan(40);
    expect(contextTokens(withinBudget(long, 100))).toBeLessThanOrEqual(100);
    expect(kept(withinBudget(long, 0))).toMatchObject({ turns: [], summary: false });
  });

  it("says no caption twice", () => {
    const caption = { id: "m51", version: 51, kind: "image", text: words(10) };
    const more = { ...caption, text: `photo.jpg, ${words(10)}` };
    const shown = (finding: typeof caption) =>
      withinBudget({ ...whole, findings: [finding] }, 10_000).findings;
    expect(shown(caption)).toBeUndefined();
    expect(shown(more)).toEqual([more]);
  });

  it("leaves out a summary that was withdrawn", () => {
    const withdrawn = { ...whole, summary: { upTo: 19, text: "" } };
    expect(withinBudget(withdrawn, 10_000)).not.toHaveProperty("summary");
  });

  const anyText = fc.string({ unit: "grapheme", maxLength: 200 });
  const anyContext: fc.Arbitrary<Context> = fc
    .record({
      turns: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 }), anyText), { maxLength: 40 }),
      summary: anyText,
      facts: fc.array(anyText, { maxLength: 20 }),
      openQuestions: fc.array(anyText, { maxLength: 5 }),
      findings: fc.array(anyText, { maxLength: 10 }),
    })
    .map(({ turns, summary, facts, openQuestions, findings }) => ({
      version: 100,
      turns: turns.map(([isCustomer, session, text], at) =>
        turn(at + 1, isCustomer ? "customer" : "business", session, text),
      ),
      summary: { upTo: 0, text: summary },
      facts: facts.map((value, at) => ({ name: `fact-${at}`, value })),
      openQuestions,
      findings: findings.map((text, at) => ({ id: `f${at}`, version: at, kind: "document", text })),
    }));

  it("never exceeds it, has the newest turns without a gap, all in order, and is always the same", () => {
    fc.assert(
      fc.property(anyContext, fc.nat(3_000), (context, budget) => {
        const within = withinBudget(context, budget);
        expect(contextTokens(within)).toBeLessThanOrEqual(budget);
        const newest = context.turns.slice(context.turns.length - within.turns.length);
        expect(within.turns.map(({ version }) => version)).toEqual(newest.map(({ version }) => version));
        const facts = (within.facts ?? []).map(({ name }) => name);
        expect(facts).toEqual(
          (context.facts ?? []).map(({ name }) => name).filter((name) => facts.includes(name)),
        );
        expect(withinBudget(structuredClone(context), budget)).toEqual(within);
        expect(withinBudget(within, budget)).toEqual(within);
      }),
      { numRuns: 300 },
    );
  });
});
