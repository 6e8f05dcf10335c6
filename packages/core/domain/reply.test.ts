import { describe, it } from "vitest";
import { decideFinishReply, decideStartReply } from "./reply.ts";
import { after, given, noon } from "../testing/given.ts";
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
