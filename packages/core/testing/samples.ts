/** Believable events of invented people, each with the least that it needs. */
import type { ConversationEvent, EventOf } from "../events/conversation.ts";
import { noon } from "./given.ts";

type Data<Type extends ConversationEvent["type"]> = Partial<EventOf<Type>["data"]>;

export const started = (): ConversationEvent => ({
  type: "ConversationStarted",
  data: {
    contactId: "01JD0000000000000000000000",
    phoneNumberId: "1065550000",
    businessAccountId: "2045550000",
  },
});

export const identified = (data: Data<"ContactIdentified"> = {}): ConversationEvent => ({
  type: "ContactIdentified",
  data: { because: "message", phone: "34600000001", name: "Lucía Prueba", ...data },
});

export const received = (id: string, data: Data<"MessageReceived"> = {}): EventOf<"MessageReceived"> => ({
  type: "MessageReceived",
  data: {
    messageId: id,
    digest: `digest-${id}`,
    wamid: `wamid.${id}`,
    sentAt: noon,
    content: { type: "text", text: "¿A qué hora abrís?" },
    ...data,
  },
});

export const echoed = (id: string, data: Data<"MessageEchoed"> = {}): EventOf<"MessageEchoed"> => ({
  type: "MessageEchoed",
  data: {
    messageId: id,
    digest: `digest-${id}`,
    sentAt: noon,
    content: { type: "text", text: "Voy yo" },
    by: "person",
    ...data,
  },
});

export const status = (
  messageId: string,
  value: EventOf<"DeliveryStatusReceived">["data"]["status"],
  data: Data<"DeliveryStatusReceived"> = {},
): EventOf<"DeliveryStatusReceived"> => ({
  type: "DeliveryStatusReceived",
  data: { messageId, digest: `digest-${messageId}-${value}`, status: value, occurredAt: noon, ...data },
});

export const replyStarted = (replyId: string, upTo: number, leaseUntil: string): ConversationEvent => ({
  type: "ReplyStarted",
  data: { replyId, upTo, leaseUntil },
});

export const replyGenerated = (replyId: string, answers: number[]): ConversationEvent => ({
  type: "ReplyGenerated",
  data: { replyId, answers, ...answerFacts(replyId) },
});

export const answerFacts = (replyId: string) => ({
  sendId: `send-${replyId}`,
  language: "es",
  intent: "answer",
  confidence: 0.9,
  sources: ["opening-hours.es.md"],
  model: { id: "offline", source: "offline", parameters: {} },
  promptHash: "hash",
  contextVersion: 3,
});

export const summarised = (
  upTo: number,
  data: Data<"ContextSummarised"> = {},
): EventOf<"ContextSummarised"> => ({
  type: "ContextSummarised",
  data: {
    upTo,
    summary: "Ana wants a table.",
    facts: [{ name: "name", value: "Ana" }],
    openQuestions: [],
    model: { id: "offline", source: "offline" },
    promptHash: "hash",
    ...data,
  },
});

export const sendRequested = (sendId: string): ConversationEvent => ({
  type: "SendRequested",
  data: { sendId, origin: "bot", content: { type: "text", text: "A las 8:00." } },
});

export const sendStarted = (sendId: string, attempt = 1): ConversationEvent => ({
  type: "SendStarted",
  data: { sendId, attempt },
});

export const sent = (sendId: string, messageId = `out-${sendId}`): ConversationEvent => ({
  type: "MessageSent",
  data: { sendId, messageId, wamid: `wamid.${messageId}`, evidence: "response" },
});

export const tookOver = (): ConversationEvent => ({ type: "HumanTookOver", data: { from: "agent-desk" } });
