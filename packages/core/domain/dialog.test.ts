import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "../events/conversation.ts";
import { after, given, noon, recorded } from "../testing/given.ts";
import {
  answerFacts,
  echoed,
  identified,
  received,
  replyGenerated,
  replyStarted,
  started,
  tookOver,
} from "../testing/samples.ts";
import { fold, foldDecided, initial, type Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import type { DialogFacts, DialogTurnFacts } from "./dialog.ts";
import { decideErase, decideMove, decideTakeOver } from "./ownership.ts";
import { decideReceive } from "./receive.ts";
import { decideFinishReply, decideStartReply } from "./reply.ts";

const day = 24 * 3_600_000;
const lease = after(10_000);
// started is version 1, identified 2, so the first message is version 3
const asked = [started(), identified(), received("a"), replyStarted("R", 3, lease)];

const enters = { flow: "reservation", source: "offline" } as const;
const asks = (slot: string): DialogTurnFacts => ({ leads: "on", phase: "eliciting", slot, state: slot });
const fulfils: DialogTurnFacts = { leads: "out", because: "fulfilled", slots: '{"guests":"4"}' };

const entered = (dialogId = "D"): ConversationEvent => ({
  type: "DialogEntered",
  data: { dialogId, ...enters, replyId: "R0" },
});
const advanced = (slot: string): ConversationEvent => ({
  type: "DialogAdvanced",
  data: { dialogId: "D", replyId: "R0", phase: "eliciting", slot, state: slot },
});
const paused: ConversationEvent = { type: "DialogPaused", data: { dialogId: "D", replyId: "R0" } };
const left = (because: string) =>
  ({ type: "DialogLeft", data: { dialogId: "D", because } }) as ConversationEvent;

/** A conversation in the flow, whose customer has written again: that is version 7. */
const within = [
  started(),
  identified(),
  received("a"),
  replyGenerated("R0", [3]),
  entered(),
  advanced("date"),
  received("b"),
];

const finish =
  (dialog: DialogFacts | undefined, { needsHuman = false, replyId = "R" } = {}) =>
  (state: Conversation): Decision =>
    decideFinishReply(state, {
      replyId,
      draft: "¿Qué día?",
      messages: [{ sendId: `send-${replyId}`, content: { type: "text", text: "¿Qué día?" } }],
      needsHuman,
      facts: answerFacts(replyId),
      dialog,
    });

describe("a reply", () => {
  it("enters a flow and asks for its first slot, in one decision with what it says", () =>
    given(...asked)
      .when(finish({ dialogId: "D", enters, turn: asks("date") }))
      .thenTypes("ReplyGenerated", "DialogEntered", "DialogAdvanced", "SendRequested"));

  it("goes on in the flow", () =>
    given(...within, replyStarted("R", 7, lease))
      .when(finish({ dialogId: "D", turn: asks("time") }))
      .thenTypes("ReplyGenerated", "DialogAdvanced", "SendRequested"));

  it("about something else pauses it, once", () => {
    given(...within, replyStarted("R", 7, lease))
      .when(finish({ dialogId: "D" }))
      .thenTypes("ReplyGenerated", "DialogPaused", "SendRequested");
    given(...within, paused, replyStarted("R", 7, lease))
      .when(finish({ dialogId: "D" }))
      .thenTypes("ReplyGenerated", "SendRequested");
  });

  it("that comes back to it resumes it, before all else", () =>
    given(...within, paused, replyStarted("R", 7, lease))
      .when(finish({ dialogId: "D", turn: fulfils }))
      .thenTypes("ReplyGenerated", "DialogResumed", "DialogLeft", "SendRequested"));

  it("fulfils it, with what was agreed on", () => {
    const decided = finish({ dialogId: "D", turn: fulfils })(
      fold(initial, recorded([...within, replyStarted("R", 7, lease)])),
    );
    expect(decided).toContainEqual({
      type: "DialogLeft",
      data: { dialogId: "D", because: "fulfilled", slots: '{"guests":"4"}' },
    });
  });

  it("that enters another flow gives the first one up", () =>
    given(...within, replyStarted("R", 7, lease))
      .when(finish({ dialogId: "E", enters, turn: asks("date") }))
      .thenTypes("ReplyGenerated", "DialogLeft", "DialogEntered", "DialogAdvanced", "SendRequested"));

  it("that needs a person leaves the flow to them", () =>
    given(...within, replyStarted("R", 7, lease))
      .when(finish({ dialogId: "D" }, { needsHuman: true }))
      .thenTypes("ReplyGenerated", "DialogLeft", "HumanRequested", "SendRequested"));

  it("that leads a flow which is over is not sent", () =>
    given(...within, left("cancelled"), replyStarted("R", 7, lease))
      .when(finish({ dialogId: "D", turn: fulfils }))
      .then({ type: "ReplyWithheld", data: { replyId: "R", reason: "overtaken", draft: "¿Qué día?" } }));

  it("that was withheld leaves the flow where it was", () =>
    given(...within, replyStarted("R", 7, lease), received("c"))
      .when(finish({ dialogId: "D", turn: fulfils }))
      .thenTypes("ReplyWithheld"));
});

describe("a flow", () => {
  const at = (ms: number) => recorded(within).at(-2)?.at && after(5_000 + ms);
  const claim = (ms: number) => (state: Conversation) =>
    decideStartReply(state, { at: at(ms) ?? noon, replyId: "R", version: 7, leaseMs: 10_000 });

  it("is still open a moment before 24 hours of silence", () =>
    given(...within)
      .when(claim(day - 1))
      .thenTypes("ReplyStarted"));

  it("has expired after 24 hours of silence", () =>
    given(...within)
      .when(claim(day))
      .thenTypes("DialogLeft", "ReplyStarted"));

  it("is left to a person who takes over at the desk", () =>
    given(...within)
      .when((state) => decideTakeOver(state, { by: "Marta" }))
      .then({ type: "HumanTookOver", data: { from: "agent-desk", by: "Marta" } }, left("human")));

  it("is left to a person who answers on the business's phone", () =>
    given(...within)
      .when((state) =>
        decideReceive(state, {
          at: noon,
          contact: {},
          inbound: [{ event: echoed("e") }, { event: echoed("f") }],
        }),
      )
      .thenTypes("MessageEchoed", "HumanTookOver", "DialogLeft", "MessageEchoed", "HumanTookOver"));

  it("is left to Meta's own agent", () =>
    given(...within)
      .when((state) =>
        decideReceive(state, {
          at: noon,
          contact: {},
          inbound: [{ event: received("c", { noReply: "standby" }) }],
        }),
      )
      .thenTypes("MessageReceived", "HumanTookOver", "DialogLeft"));

  it("fails when the conversation goes on elsewhere", () =>
    given(...within)
      .when((state) => decideMove(state, { to: "conversation-x-y" }))
      .thenTypes("DialogLeft", "ConversationMoved"));

  it("is forgotten with the person", () => {
    const state = fold(initial, recorded(within));
    const decided = decideErase(state);
    expect(state.dialog).toBeDefined();
    expect(foldDecided(state, "rejected" in decided ? [] : decided, noon).dialog).toBeUndefined();
  });
});

/**
 * Handlers that claim, work on what they saw, and finish: in any order, any number of times, with messages and
 * takeovers in between. Each fulfils whatever dialog it saw.
 */
it("no interleaving of deliveries ever fulfils a dialog twice", () => {
  type Step = { kind: "claim" | "finish" | "message" | "take-over" | "resume"; worker: number };
  const step = fc.record<Step>({
    kind: fc.constantFrom("claim", "claim", "finish", "finish", "finish", "message", "take-over", "resume"),
    worker: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let state = fold(initial, recorded(within));
      let now = Date.parse(noon);
      const happened: ConversationEvent[] = [];
      const seen = new Map<number, { replyId: string; dialog: DialogFacts | undefined }>();
      const append = (decision: Decision) => {
        const events = "rejected" in decision ? [] : decision;
        happened.push(...events);
        state = foldDecided(state, events, new Date(now).toISOString());
        return events.length > 0;
      };
      for (const [index, { kind, worker }] of steps.entries()) {
        now += 4_000;
        const at = new Date(now).toISOString();
        if (kind === "message")
          append(
            decideReceive(state, {
              at,
              place: undefined,
              contact: {},
              inbound: [{ event: received(`m${index}`) }],
            }),
          );
        if (kind === "take-over") append([tookOver()]);
        if (kind === "resume") append([{ type: "BotResumed", data: { by: "Marta" } }]);
        if (kind === "claim") {
          const replyId = `R${index}`;
          const version = state.unanswered.at(-1)?.version ?? 0;
          if (!append(decideStartReply(state, { at, replyId, version, leaseMs: 10_000 }))) continue;
          const { dialog } = state;
          seen.set(worker, { replyId, dialog: dialog && { dialogId: dialog.dialogId, turn: fulfils } });
        }
        const work = seen.get(worker);
        // its claim is kept: the same work is finished again when its message is delivered again
        if (kind === "finish" && work) append(finish(work.dialog, { replyId: work.replyId })(state));
      }
      const fulfilled = happened.filter(
        ({ type, data }) => type === "DialogLeft" && data.because === "fulfilled",
      );
      expect(fulfilled.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1_000 },
  );
});
