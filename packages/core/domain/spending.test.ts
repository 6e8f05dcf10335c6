import { describe, expect, it } from "vitest";
import { after, noon, stateAfter } from "../testing/given.ts";
import { answerFacts, received, replyStarted, started } from "../testing/samples.ts";
import { fold, initial } from "./conversation.ts";
import { leftToSpend, spentOn } from "./spending.ts";
import type { ConversationEvent } from "../events/conversation.ts";

const day = 86_400_000;
const use = (costUsd: number) => ({
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd,
  durationMs: 1,
});
const answered = (costUsd: number): ConversationEvent => ({
  type: "ReplyGenerated",
  data: { replyId: "R", answers: [2], ...answerFacts("R"), use: use(costUsd) },
});
const withheld = (
  reason: "newer-message" | "no-model" | "budget-spent",
  costUsd: number,
): ConversationEvent => ({
  type: "ReplyWithheld",
  data: { replyId: "R", reason, draft: "", use: use(costUsd) },
});
const summarised: ConversationEvent = {
  type: "ContextSummarised",
  data: {
    upTo: 1,
    summary: "",
    facts: [],
    openQuestions: [],
    model: { id: "m", source: "bedrock" },
    promptHash: "h",
    use: use(0.5),
  },
};

describe("what a day has cost", () => {
  it.each<[string, ConversationEvent[], object]>([
    ["nothing", [], { usd: 0, replies: 0, told: false }],
    ["answers", [answered(0.25), answered(0.5)], { usd: 0.75, replies: 2, told: false }],
    [
      "a draft that nobody saw, too (F60)",
      [withheld("newer-message", 0.25)],
      { usd: 0.25, replies: 1, told: false },
    ],
    [
      "what was tried in vain, which is no answer",
      [withheld("no-model", 0.25)],
      { usd: 0.25, replies: 0, told: false },
    ],
    ["a summary, which is no answer", [summarised], { usd: 0.5, replies: 0, told: false }],
    ["the word that there is no more", [withheld("budget-spent", 0)], { usd: 0, replies: 0, told: true }],
  ])("counts %s", (_, events, expected) => {
    const state = stateAfter(started(), received("a"), replyStarted("R", 2, after(0)), ...events);
    expect(spentOn(state.spent, noon)).toEqual({ day: "2026-11-23", ...expected });
  });

  it("is forgotten when the next day begins (UTC)", () => {
    const state = stateAfter(started(), answered(0.25));
    expect(spentOn(state.spent, "2026-11-23T23:59:59.999Z").usd).toBe(0.25);
    expect(spentOn(state.spent, "2026-11-24T00:00:00.000Z").usd).toBe(0);
  });

  it("begins anew with what is spent on another", () => {
    const place = { stream: "s", commitId: "c" };
    const first = fold(initial, [{ ...answered(0.25), ...place, version: 1, at: noon }]);
    const next = fold(first, [{ ...answered(0.5), ...place, version: 2, at: after(day) }]);
    expect(next.spent).toEqual({ day: "2026-11-24", usd: 0.5, replies: 1, told: false });
  });
});

it.each([
  { usd: 0.1, replies: 1, left: 0.4 },
  { usd: 0.5, replies: 1, left: 0 },
  { usd: 0.7, replies: 1, left: 0 },
  { usd: 0, replies: 9, left: 0.5 },
  { usd: 0, replies: 10, left: undefined },
])("of $usd USD and $replies answers, what is left of 0.5 and 10 is $left", ({ usd, replies, left }) => {
  expect(leftToSpend({ day: "d", usd, replies, told: false }, { usd: 0.5, replies: 10 })).toBe(left);
});
