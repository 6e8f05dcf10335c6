import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "../events/conversation.ts";
import { given, stateAfter } from "../testing/given.ts";
import { echoed, received, replyGenerated, sendRequested, started, summarised } from "../testing/samples.ts";
import { turnsRemembered } from "./conversation.ts";
import {
  decideSummarise,
  limits,
  planSummary,
  turnsAtOnce,
  turnsKept,
  turnsPerSummary,
  type RecordSummary,
} from "./summarise.ts";

/** Messages that were answered, from version 2 on. */
const answered = (turns: number): ConversationEvent[] => [
  started(),
  ...Array.from({ length: turns }, (_, index) => received(`m${index}`, { noReply: "history" })),
];

const revoked = (original: string): ConversationEvent => ({
  type: "MessageRevoked",
  data: { messageId: `r-${original}`, digest: "d", original, by: "customer" },
});
const erased: ConversationEvent = { type: "ContactErased", data: {} };
const moved: ConversationEvent = { type: "ConversationMoved", data: { to: "another" } };

const { upTo: _, ...summary } = summarised(0).data;
const command = (change: Partial<RecordSummary> = {}): RecordSummary => ({
  after: 0,
  upTo: 13,
  version: 25,
  summary,
  ...change,
});

describe("a summary", () => {
  it.each([
    [turnsPerSummary - 1, undefined],
    [turnsPerSummary, { after: 0, from: 2, upTo: 1 + turnsPerSummary - turnsKept }],
    [turnsAtOnce + turnsKept, { after: 0, from: 2, upTo: 1 + turnsAtOnce }],
    [turnsAtOnce + turnsKept + 1, { after: 0, from: 2, upTo: 1 + turnsAtOnce }],
  ])("is due after %d turns: %o", (turns, plan) => {
    expect(planSummary(stateAfter(...answered(turns)))).toEqual(plan);
  });

  it("counts what either side said, and nothing else", () => {
    const both = [received("m1", { noReply: "history" }), echoed("e1"), sendRequested("s1")];
    const group = received("m2", { noReply: "group", groupId: "g1" });
    expect(stateAfter(started(), ...both, group, replyGenerated("r1", [])).turns).toEqual([2, 3, 4]);
  });

  it("goes on where the last one ended, whose turns count no more", () => {
    const events = [...answered(turnsPerSummary), summarised(13)];
    expect(stateAfter(...events)).toMatchObject({ summarisedUpTo: 13, turns: { length: turnsKept } });
    const later = Array.from({ length: turnsPerSummary - turnsKept }, (_, index) => echoed(`e${index}`));
    expect(planSummary(stateAfter(...events, ...later.slice(1)))).toBeUndefined();
    expect(planSummary(stateAfter(...events, ...later))).toEqual({ after: 13, from: 14, upTo: 25 });
  });

  it("looks back on the newest turns only, when it is long overdue", () => {
    const turns = turnsRemembered + 5;
    expect(planSummary(stateAfter(...answered(turns)))).toMatchObject({ from: 2 + 5 });
  });

  it("leaves out what still waits for an answer", () => {
    const waiting = Array.from({ length: turnsPerSummary }, (_, index) => received(`w${index}`));
    expect(planSummary(stateAfter(started(), ...waiting))).toBeUndefined();
    expect(planSummary(stateAfter(started(), echoed("e1"), ...waiting))).toEqual({
      after: 0,
      from: 2,
      upTo: 2,
    });
  });

  it.each([
    ["is erased", erased],
    ["has moved", moved],
  ])("is never due of a conversation that %s, and not recorded there", (_, ended) => {
    expect(planSummary(stateAfter(...answered(turnsPerSummary), ended))).toBeUndefined();
    given(...answered(turnsPerSummary), ended)
      .when((state) => decideSummarise(state, command()))
      .then();
  });

  it.each([
    ["once", [], {}, [summarised(13)]],
    ["not again", [summarised(13)], {}, []],
    ["never for less than there is", [summarised(13)], { upTo: 12 }, []],
    ["never for nothing new", [summarised(13)], { after: 13 }, []],
    ["on top of the last one only", [summarised(13)], { after: 12, upTo: 14 }, []],
  ])("is recorded %s", (_, since, change, expected) => {
    const state = stateAfter(...answered(turnsPerSummary), ...since);
    expect(decideSummarise(state, command(change))).toEqual(expected);
  });

  it("is refused when a message was taken back or edited after it was read", () => {
    const events = [...answered(turnsPerSummary), revoked("m3")];
    given(...events)
      .when((state) => decideSummarise(state, command({ version: 25 })))
      .thenRejected("context-changed");
    given(...events)
      .when((state) => decideSummarise(state, command({ version: 26 })))
      .then(summarised(13));
  });

  it("is cut to its limits: the last facts and questions are kept", () => {
    const long = "🙂".repeat(1_000);
    const many = Array.from({ length: 30 }, (_, index) => ({ name: `${index}${long}`, value: long }));
    const decision = decideSummarise(
      stateAfter(...answered(turnsPerSummary)),
      command({
        summary: { ...summary, summary: long, facts: many, openQuestions: many.map(({ name }) => name) },
      }),
    );
    const [event] = "rejected" in decision ? [] : decision;
    if (event?.type !== "ContextSummarised") throw new Error("not summarised");
    const { facts, openQuestions } = event.data;
    expect(event.data.summary).toHaveLength(limits.summary);
    expect(facts).toHaveLength(limits.facts);
    expect(facts[0]?.name.startsWith("10")).toBe(true);
    expect(openQuestions).toHaveLength(limits.openQuestions);
    for (const text of [
      event.data.summary,
      ...openQuestions,
      ...facts.flatMap(({ name, value }) => [name, value]),
    ])
      expect(text.isWellFormed()).toBe(true);
    expect(Math.max(...facts.map(({ name }) => name.length))).toBeLessThanOrEqual(limits.factName);
    expect(Math.max(...facts.map(({ value }) => value.length))).toBeLessThanOrEqual(limits.factValue);
  });
});
