import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryStatus, type ConversationEvent } from "../events/conversation.ts";
import { recorded, stream } from "../testing/given.ts";
import { echoed, received, sendRequested, sendStarted, sent, started, status } from "../testing/samples.ts";
import { transcript, type OutboundStatus, type TranscriptMessage } from "./transcript.ts";
import { foldInto } from "./view.ts";

const messagesAfter = (...events: ConversationEvent[]) =>
  foldInto(transcript, new Map<string, TranscriptMessage>(), recorded([started(), ...events]));

const messageAfter = (id: string, ...events: ConversationEvent[]) => messagesAfter(...events).get(id);

/** The message that we send, after these events. */
const sendAfter = (...events: ConversationEvent[]) => messageAfter("s1", sendRequested("s1"), ...events);

const inbound = { messageId: "u1", digest: "digest-u1" };
const uncertain: ConversationEvent = { type: "SendUncertain", data: { sendId: "s1", reason: "timeout" } };
const parked: ConversationEvent = { type: "SendParked", data: { sendId: "s1" } };
const failed = (retry: "later" | "never" | "template" | "other-form"): ConversationEvent => ({
  type: "SendFailed",
  data: { sendId: "s1", retry, reason: "rate-limited" },
});

type News = "accepted" | DeliveryStatus;
const anyNews = fc.constantFrom<News>("accepted", ...DeliveryStatus.options);
const told = (news: News): ConversationEvent =>
  news === "accepted" ? sent("s1") : status("out-s1", news, { sendId: "s1" });

/** What the tick must be, knowing only which news there was. */
const tickOf = (news: readonly News[]): OutboundStatus => {
  const said = new Set(news);
  const furthest = (["played", "read", "delivered", "sent", "accepted"] as const).find((one) =>
    said.has(one),
  );
  if (!said.has("failed")) return furthest ?? "sending";
  return furthest && furthest !== "accepted" && furthest !== "sent" ? "conflicting" : "failed";
};

describe("a tick", () => {
  it("F7: depends on which statuses came, and not on their order or number", () =>
    fc.assert(
      fc.property(fc.array(anyNews, { maxLength: 10 }), (news) => {
        expect(sendAfter(sendStarted("s1"), ...news.map(told))?.status).toBe(tickOf(news));
      }),
      { numRuns: 1_000 },
    ));

  it.each<[News, News]>([
    ["sent", "accepted"],
    ["delivered", "sent"],
    ["read", "delivered"],
    ["played", "read"],
  ])("F7: stays %s when %s comes late", (before, late) => {
    expect(sendAfter(told(before), told(late))?.status).toBe(before);
    expect(sendAfter(told(late), told(before))?.status).toBe(before);
  });

  it.each<News>(["delivered", "read", "played"])(
    "F8: is conflicting when it failed and was %s",
    (arrived) => {
      expect(sendAfter(told(arrived), told("failed"))?.status).toBe("conflicting");
      expect(sendAfter(told("failed"), told(arrived))?.status).toBe("conflicting");
    },
  );

  it.each<News>(["accepted", "sent"])("is failed when it failed and was only %s", (before) => {
    expect(sendAfter(told(before), told("failed"))?.status).toBe("failed");
    expect(sendAfter(told("failed"), told(before))?.status).toBe("failed");
  });

  it("of a message that the business wrote on its phone has statuses, too", () => {
    expect(messageAfter("e1", echoed("e1"))?.status).toBeUndefined();
    expect(messageAfter("e1", echoed("e1"), status("e1", "read"))?.status).toBe("read");
  });
});

describe("what we send", () => {
  it.each<[OutboundStatus, ...ConversationEvent[]]>([
    ["requested"],
    ["sending", sendStarted("s1")],
    ["accepted", sendStarted("s1"), sent("s1")],
    ["uncertain", sendStarted("s1"), uncertain],
    ["accepted", sendStarted("s1"), uncertain, sent("s1")],
    ["parked", sendStarted("s1"), uncertain, parked],
    ["accepted", sendStarted("s1"), uncertain, parked, sent("s1")],
    ["requested", sendStarted("s1"), failed("later")],
    ["sending", sendStarted("s1"), failed("later"), sendStarted("s1", 2)],
    ["failed", sendStarted("s1"), failed("never")],
    ["failed", sendStarted("s1"), failed("template")],
    ["failed", sendStarted("s1"), failed("other-form")],
    ["accepted", sendStarted("s1"), sent("s1"), uncertain],
    ["delivered", sendStarted("s1"), told("delivered"), parked],
  ])("is %s in its turn", (expected, ...events) => {
    expect(sendAfter(...events)?.status).toBe(expected);
  });

  it("says why it failed, by our reason or Meta's title", () => {
    expect(sendAfter(failed("never"))).toMatchObject({ failure: "rate-limited" });
    const errors = [{ code: 131026, title: "Message undeliverable" }];
    expect(sendAfter(status("out-s1", "failed", { sendId: "s1", errors }))).toMatchObject({
      status: "failed",
      failure: "Message undeliverable",
    });
  });

  it("is from whoever asked for it, at the moment they did", () => {
    const byAgent: ConversationEvent = {
      type: "SendRequested",
      data: { sendId: "s2", origin: "agent", content: { type: "text", text: "Le atiendo yo" } },
    };
    const messages = messagesAfter(sendRequested("s1"), byAgent);
    expect([...messages.values()]).toMatchObject([
      { id: "s1", version: 2, from: "bot", at: "2026-11-23T12:00:01.000Z" },
      { id: "s2", version: 3, from: "agent", at: "2026-11-23T12:00:02.000Z" },
    ]);
  });
});

describe("what comes in", () => {
  it("is from the customer, at WhatsApp's time, with why it goes unanswered", () => {
    const sentAt = "2026-11-20T08:00:00.000Z";
    expect(
      messageAfter("m1", received("m1", { sentAt, inReplyTo: "m0", noReply: "over-rate" })),
    ).toStrictEqual({
      id: "m1",
      version: 2,
      from: "customer",
      at: sentAt,
      content: { type: "text", text: "¿A qué hora abrís?" },
      inReplyTo: "m0",
      noReply: "over-rate",
    });
  });

  it.each([
    ["phone-app", "person"],
    ["bot", "bot"],
  ] as const)("as an echo is from the %s when a %s wrote it", (from, by) => {
    expect(messageAfter("e1", echoed("e1", { by }))).toMatchObject({ from });
  });

  it("is marked as history when it is older than the connection", () => {
    expect(messageAfter("m1", received("m1", { noReply: "history" }))).toMatchObject({ history: true });
    expect(messageAfter("e1", echoed("e1", { history: true }))).toMatchObject({ history: true });
    expect(messageAfter("m1", received("m1", { noReply: "group" }))).not.toHaveProperty("history");
  });
});

describe("a message", () => {
  const reacted = (emoji?: string): ConversationEvent => ({
    type: "ReactionReceived",
    data: { ...inbound, to: "m1", ...(emoji && { emoji }) },
  });
  const edited: ConversationEvent = {
    type: "MessageEdited",
    data: { ...inbound, original: "m1", content: { type: "text", text: "¿Y a qué hora cerráis?" } },
  };
  const revoked: ConversationEvent = {
    type: "MessageRevoked",
    data: { ...inbound, original: "m1", by: "customer" },
  };

  it("bears the last reaction, and none once it is taken back", () => {
    expect(messageAfter("m1", received("m1"), reacted("🙂"), reacted("🎉"))).toMatchObject({
      reaction: "🎉",
    });
    expect(messageAfter("m1", received("m1"), reacted("🙂"), reacted())).not.toHaveProperty("reaction");
  });

  it("has the words of its last edit, and says so", () => {
    expect(messageAfter("m1", received("m1"), edited)).toMatchObject({
      version: 2,
      content: { text: "¿Y a qué hora cerráis?" },
      edited: true,
    });
  });

  it("that is revoked stays, and says so", () => {
    expect(messageAfter("m1", received("m1"), revoked)).toMatchObject({
      content: { text: "¿A qué hora abrís?" },
      revoked: true,
    });
  });

  it("that is not there gets neither reaction, edit, revocation nor status", () => {
    expect([...messagesAfter(reacted("🙂"), edited, revoked, told("read"), sent("s1"))]).toEqual([]);
  });

  it("is as its schema says, whatever happened to it", () => {
    const all = messagesAfter(
      received("m1"),
      reacted("🙂"),
      edited,
      revoked,
      echoed("e1"),
      sendRequested("s1"),
    );
    expect([...all.values()].map((message) => transcript.item.parse(message))).toEqual([...all.values()]);
  });
});

it("the transcript of an erased person is empty", () => {
  const all = [received("m1"), echoed("e1"), sendRequested("s1")];
  expect([...messagesAfter(...all, { type: "ContactErased", data: {} })]).toEqual([]);
});

it("the list of messages has the order of their versions", () => {
  const sorts = [2, 9, 10, 99, 100].map(
    (version) => transcript.index?.({ ...someMessage, version }, stream)?.sort ?? "",
  );
  expect(sorts).toEqual(sorts.toSorted());
  expect(transcript.index?.(someMessage, stream)?.partition).toBe(stream);
});

const someMessage: TranscriptMessage = {
  id: "m1",
  version: 2,
  from: "customer",
  at: "2026-11-23T12:00:00.000Z",
  content: { type: "text", text: "Hola" },
};
