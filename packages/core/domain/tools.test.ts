import { describe, expect, it } from "vitest";
import type { ConversationEvent, EventOf } from "../events/conversation.ts";
import { after, given, stateAfter } from "../testing/given.ts";
import { received, replyGenerated, replyStarted, started, tookOver } from "../testing/samples.ts";
import { decideUseTool, judgeToolUse, toolCallsMax, type Effect, type UseTool } from "./tools.ts";

const claimed = [started(), received("a"), replyStarted("R", 2, after(10_000))];
const used = (callId: string, data: Partial<EventOf<"ToolUsed">["data"]> = {}): ConversationEvent => ({
  type: "ToolUsed",
  data: {
    replyId: "R",
    callId,
    tool: "order-status",
    arguments: "{}",
    outcome: "answered",
    result: "1",
    ...data,
  },
});
const call = (change: Partial<UseTool> = {}): UseTool => ({
  replyId: "R",
  callId: "c1",
  tool: "order-status",
  policy: { name: "order-status", effect: "reads" },
  argumentsValid: true,
  sawUntrusted: false,
  arguments: "{}",
  answer: { outcome: "answered", result: "1" },
  ...change,
});
const effect = (one: Effect) => ({ policy: { name: "t", effect: one } });

it("what tools have told is gone with the person", () => {
  const erased = stateAfter(...claimed, used("c1", { result: "order 7, Lucía" }), {
    type: "ContactErased",
    data: {},
  });
  expect(JSON.stringify(erased)).not.toContain("Lucía");
});

describe("what the model may do", () => {
  it.each<[string, Partial<UseTool>, object]>([
    ["reads", effect("reads"), { verdict: "run" }],
    ["reads after untrusted content", { ...effect("reads"), sawUntrusted: true }, { verdict: "run" }],
    ["writes", effect("writes"), { verdict: "run" }],
    [
      "F58: writes after untrusted content",
      { ...effect("writes"), sawUntrusted: true },
      { verdict: "settled", outcome: "needs-person", reason: "untrusted-content" },
    ],
    ["moves money", effect("money"), { verdict: "settled", outcome: "needs-person", reason: "moves-money" }],
    [
      "changes personal data",
      effect("personal-data"),
      { verdict: "settled", outcome: "needs-person", reason: "changes-personal-data" },
    ],
    [
      "asks for a person",
      effect("hand-over"),
      { verdict: "settled", outcome: "needs-person", reason: "asked-for" },
    ],
    [
      "asks for what there is not",
      { policy: undefined },
      { verdict: "settled", outcome: "refused", reason: "no-such-tool" },
    ],
    [
      "gives arguments that don't fit",
      { argumentsValid: false },
      { verdict: "settled", outcome: "refused", reason: "invalid-arguments" },
    ],
  ])("when it %s", (_, change, verdict) => {
    expect(judgeToolUse(stateAfter(...claimed), call(change))).toEqual(verdict);
  });

  it.each([
    { calls: toolCallsMax - 1, verdict: "run" },
    { calls: toolCallsMax, verdict: "settled" },
  ])("after $calls calls is $verdict", ({ calls, verdict }) => {
    const before = Array.from({ length: calls }, (_, index) => used(`b${index}`));
    expect(judgeToolUse(stateAfter(...claimed, ...before), call())).toMatchObject({ verdict });
  });

  it("counts anew for the next reply", () => {
    const before = Array.from({ length: toolCallsMax }, (_, index) => used(`b${index}`));
    const next = [replyGenerated("R", [2]), received("b"), replyStarted("Q", 8, after(60_000))];
    const state = stateAfter(...claimed, ...before, ...next);
    expect(judgeToolUse(state, call({ replyId: "Q" }))).toEqual({ verdict: "run" });
  });

  it.each<[string, ConversationEvent[]]>([
    ["a person has taken over", [tookOver()]],
    ["the customer has gone on writing", [received("b")]],
    ["somebody else has the claim", [replyStarted("Q", 2, after(60_000))]],
  ])("is nothing when %s", (_, events) => {
    expect(judgeToolUse(stateAfter(...claimed, ...events), call())).toMatchObject({ outcome: "refused" });
  });
});

describe("a call", () => {
  it("is recorded with what came of it", () =>
    given(...claimed)
      .when((state) => decideUseTool(state, call()))
      .then(used("c1")));

  it("is recorded once, and the same is answered again", () => {
    given(...claimed, used("c1"))
      .when((state) => decideUseTool(state, call()))
      .then();
    expect(judgeToolUse(stateAfter(...claimed, used("c1")), call())).toEqual({
      verdict: "repeated",
      outcome: "answered",
      result: "1",
    });
  });

  it("that was not allowed when it is recorded shows nothing of what it found", () =>
    given(...claimed, received("b"))
      .when((state) => decideUseTool(state, call()))
      .then(used("c1", { outcome: "refused", reason: "newer-message", result: undefined })));

  it("of a reply that is over is not recorded", () =>
    given(...claimed, replyGenerated("R", [2]))
      .when((state) => decideUseTool(state, call()))
      .then());

  it("too many is recorded, and a hundred too many are recorded as one", () => {
    const before = Array.from({ length: toolCallsMax }, (_, index) => used(`b${index}`));
    given(...claimed, ...before)
      .when((state) => decideUseTool(state, call()))
      .thenTypes("ToolUsed");
    given(...claimed, ...before, used("c0", { outcome: "refused", reason: "too-many-calls" }))
      .when((state) => decideUseTool(state, call()))
      .then();
  });

  it("may be named like anything", () => {
    expect(judgeToolUse(stateAfter(...claimed), call({ callId: "constructor" }))).toEqual({ verdict: "run" });
  });
});
