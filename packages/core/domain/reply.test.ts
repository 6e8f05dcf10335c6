import { describe, it } from "vitest";
import { decideDelayReply, decideFinishReply, decideStartReply, decideWithholdReply } from "./reply.ts";
import { after, given, noon } from "../testing/given.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import {
  answerFacts,
  identified,
  received,
  replyGenerated,
  replyStarted,
  started,
  tookOver,
} from "../testing/samples.ts";

// started is version 1, identified 2, so the first message is version 3
const asked = [started(), identified(), received("a")];
const start = (version: number, at = noon) => ({ at, replyId: "R", version, leaseMs: 10_000 });
const finish = (needsHuman = false) => ({
  replyId: "R",
  draft: "A las 8:00.",
  messages: [{ sendId: "send-R", content: { type: "text" as const, text: "A las 8:00." } }],
  needsHuman,
  facts: answerFacts("R"),
});
const generated = (...answers: number[]) => replyGenerated("R", answers);
const request = {
  type: "SendRequested",
  data: { sendId: "send-R", origin: "bot", content: { type: "text", text: "A las 8:00." } },
} as const;

describe("claiming a reply", () => {
  it("leases it", () =>
    given(...asked)
      .when((state) => decideStartReply(state, start(3)))
      .then(replyStarted("R", 3, after(10_000))));

  it("is left to the newest message of a burst", () =>
    given(...asked, received("b"))
      .when((state) => decideStartReply(state, start(3)))
      .then());

  it("is left to an older message when the newer one was taken back", () =>
    given(...asked, received("b"), {
      type: "MessageRevoked",
      data: { messageId: "r", digest: "d", original: "b", by: "customer" },
    })
      .when((state) => decideStartReply(state, start(4)))
      .then(replyStarted("R", 3, after(10_000))));

  it.each([
    ["one millisecond before the lease ends", 9_999, true],
    ["when the lease has ended", 10_000, false],
  ])("waits for another's claim %s", (_, ms, waits) => {
    const claimed = given(...asked, replyStarted("other", 3, after(10_000))).when((state) =>
      decideStartReply(state, start(3, after(ms))),
    );
    if (waits) claimed.thenRejected("reply-in-progress");
    else claimed.thenTypes("ReplyStarted");
  });

  it("does not wait for a claim that a newer message has made void (barge-in)", () =>
    given(...asked, replyStarted("other", 3, after(10_000)), received("b"))
      .when((state) => decideStartReply(state, start(5)))
      .thenTypes("ReplyStarted"));

  it("is nothing to do once answered", () =>
    given(...asked, replyStarted("R", 3, after(10_000)), generated(3))
      .when((state) => decideStartReply(state, start(3)))
      .then());

  it("is nothing to do while a human holds the conversation, nor for what came meanwhile", () => {
    given(...asked, tookOver())
      .when((state) => decideStartReply(state, start(3)))
      .then();
    given(...asked, tookOver(), received("b"), { type: "BotResumed", data: { by: "agent" } })
      .when((state) => decideStartReply(state, start(5)))
      .then();
  });
});

describe("finishing a reply", () => {
  const claimed = [...asked, replyStarted("R", 3, after(10_000))];
  const withheld = (reason: "newer-message" | "human-took-over" | "overtaken" | "erased") =>
    ({ type: "ReplyWithheld", data: { replyId: "R", reason, draft: "A las 8:00." } }) as const;

  it("records the answer and the intent to send it", () =>
    given(...claimed)
      .when((state) => decideFinishReply(state, finish()))
      .then(generated(3), request));

  it("answers a whole burst at once", () =>
    given(...asked, received("b"), replyStarted("R", 4, after(10_000)))
      .when((state) => decideFinishReply(state, finish()))
      .then(generated(3, 4), request));

  it("asks for a person, and may still say so", () =>
    given(...claimed)
      .when((state) => decideFinishReply(state, finish(true)))
      .then(generated(3), { type: "HumanRequested", data: { replyId: "R" } }, request));

  it("discards the draft when the customer wrote again (barge-in)", () =>
    given(...claimed, received("b"))
      .when((state) => decideFinishReply(state, finish()))
      .then(withheld("newer-message")));

  it("discards the draft when the newest of what it answers was taken back", () =>
    given(...asked, received("b"), replyStarted("R", 4, after(10_000)), {
      type: "MessageRevoked",
      data: { messageId: "c", digest: "digest-c", original: "b", by: "customer" },
    })
      .when((state) => decideFinishReply(state, finish()))
      .then(withheld("overtaken")));

  it("F26: keeps the draft as a suggestion when a human took over", () =>
    given(...claimed, tookOver())
      .when((state) => decideFinishReply(state, finish()))
      .then(withheld("human-took-over")));

  it("discards the draft when the lease ran out and another claimed", () =>
    given(...claimed, replyStarted("other", 3, after(20_000)))
      .when((state) => decideFinishReply(state, finish()))
      .then(withheld("overtaken")));

  it("discards the draft when the person was erased", () =>
    given(...claimed, { type: "ContactErased", data: {} })
      .when((state) => decideFinishReply(state, finish()))
      .then(withheld("erased")));
});

const patience = { replyId: "R", sendId: "H", content: { type: "text" as const, text: "Un momento…" } };
const delayed = (replyId = "R", sendId = "H"): ConversationEvent[] => [
  { type: "ReplyDelayed", data: { replyId, sendId } },
  {
    type: "SendRequested",
    data: { sendId, origin: "bot", content: { type: "text", text: "Un momento…" }, holds: replyId },
  },
];
const claimed = [...asked, replyStarted("R", 3, after(10_000))];

describe("asking for patience", () => {
  it("is a send that answers nothing: the message still waits for its answer", () => {
    given(...claimed)
      .when((state) => decideDelayReply(state, patience))
      .then(...delayed());
    given(...claimed, ...delayed())
      .when((state) => decideFinishReply(state, finish()))
      .then(generated(3), request);
  });

  it("happens once, whoever makes the answer after all", () => {
    given(...claimed, ...delayed())
      .when((state) => decideDelayReply(state, patience))
      .then();
    given(...claimed, ...delayed("R", "H"), replyStarted("Q", 3, after(60_000)))
      .when((state) => decideDelayReply(state, { ...patience, replyId: "Q" }))
      .then();
  });

  it("happens again for what is asked later", () =>
    given(...claimed, ...delayed(), generated(3), received("b"), replyStarted("Q", 8, after(60_000)))
      .when((state) => decideDelayReply(state, { ...patience, replyId: "Q", sendId: "I" }))
      .then(...delayed("Q", "I")));

  it.each<[string, ConversationEvent]>([
    ["a person has taken over", tookOver()],
    ["the customer has gone on writing", received("b")],
    ["the person is erased", { type: "ContactErased", data: {} }],
    ["somebody else has the claim", replyStarted("Q", 3, after(60_000))],
    ["it is answered", generated(3)],
  ])("is left when %s", (_, event) =>
    given(...claimed, event)
      .when((state) => decideDelayReply(state, patience))
      .then(),
  );
});

describe("a claim that comes to nothing", () => {
  const use = {
    inputTokens: 9,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0.1,
    durationMs: 5,
  };
  const content = { type: "text" as const, text: "Por hoy no puedo contestar más." };
  const withhold = {
    replyId: "R",
    reason: "budget-spent" as const,
    at: noon,
    use,
    notice: { sendId: "N", content },
  };
  const withheld: ConversationEvent = {
    type: "ReplyWithheld",
    data: { replyId: "R", reason: "budget-spent", draft: "", use },
  };

  it("says so once a day", () => {
    given(...claimed)
      .when((state) => decideWithholdReply(state, withhold))
      .then(withheld, { type: "SendRequested", data: { sendId: "N", origin: "bot", content } });
    given(...claimed, withheld, replyStarted("R", 3, after(60_000)))
      .when((state) => decideWithholdReply(state, withhold))
      .then(withheld);
    given(...claimed, withheld, replyStarted("R", 3, after(60_000)))
      .when((state) => decideWithholdReply(state, { ...withhold, at: after(86_400_000) }))
      .thenTypes("ReplyWithheld", "SendRequested");
  });

  it("says nothing over a person", () =>
    given(...claimed, tookOver())
      .when((state) => decideWithholdReply(state, withhold))
      .thenTypes("ReplyWithheld"));

  it("is free for the next", () =>
    given(...claimed, withheld)
      .when((state) => decideStartReply(state, start(3, after(1_000))))
      .thenTypes("ReplyStarted"));
});

it("a tool that needs a person brings one, whatever the model made of it", () =>
  given(...claimed, {
    type: "ToolUsed",
    data: { replyId: "R", callId: "1", tool: "refund", arguments: "{}", outcome: "needs-person" },
  })
    .when((state) => decideFinishReply(state, finish()))
    .then(generated(3), { type: "HumanRequested", data: { replyId: "R" } }, request));
