/** The conversations that every contender stores, folds and shows: invented people, the same events for all. */
import { createHash } from "node:crypto";
import type { ConversationEvent } from "../../packages/core/events/conversation.ts";
import { conversationStream } from "../../packages/core/events/stream.ts";

export const eventsPerDecision = 5;
export const phoneNumberId = "1065550123000001";
const beganAt = Date.parse("2026-01-05T09:00:00.000Z");

export const contactIdOf = (conversation: number): string => `01JD${String(conversation).padStart(22, "0")}`;

export const streamOf = (conversation: number): string =>
  conversationStream(contactIdOf(conversation), phoneNumberId);

/** When a decision was made: about 90 events a day make a busy conversation. */
export const decidedAt = (decision: number): string =>
  new Date(beganAt + decision * 80 * 60_000).toISOString();

/** The five events of one decision, by its place in the conversation. The first opens it. */
export const eventsOf = (conversation: number, decision: number): ConversationEvent[] => {
  const at = decidedAt(decision);
  const turn = Math.ceil(decision / 2);
  if (decision === 0) return opening(conversation, at);
  return decision % 2 === 1 ? answering(conversation, turn, decision, at) : sending(conversation, turn, at);
};

/** A whole conversation of so many events, which five must divide. */
export const historyOf = (conversation: number, events: number): ConversationEvent[] =>
  Array.from({ length: events / eventsPerDecision }, (_, decision) =>
    eventsOf(conversation, decision),
  ).flat();

export const messageIdOf = (conversation: number, turn: number): string => hash(`${conversation}/${turn}`);
export const sendIdOf = (conversation: number, turn: number): string =>
  `01JE${String(conversation).padStart(10, "0")}${String(turn).padStart(12, "0")}`;

const opening = (conversation: number, at: string): ConversationEvent[] => [
  {
    type: "ConversationStarted",
    data: { contactId: contactIdOf(conversation), phoneNumberId, businessAccountId: "2045550123000001" },
  },
  {
    type: "ContactIdentified",
    data: { because: "message", phone: phoneOf(conversation), name: nameOf(conversation) },
  },
  received(conversation, 0, at),
  { type: "ReplyStarted", data: { replyId: replyIdOf(conversation, 0), upTo: 3, leaseUntil: at } },
  {
    type: "ReplyWithheld",
    data: { replyId: replyIdOf(conversation, 0), reason: "newer-message", draft: sentence(conversation) },
  },
];

const answering = (conversation: number, turn: number, decision: number, at: string): ConversationEvent[] => {
  const replyId = replyIdOf(conversation, turn);
  const sendId = sendIdOf(conversation, turn);
  const version = decision * eventsPerDecision + 1;
  return [
    received(conversation, turn, at),
    { type: "ReplyStarted", data: { replyId, upTo: version, leaseUntil: at } },
    {
      type: "ReplyGenerated",
      data: {
        replyId,
        sendId,
        answers: turn === 1 ? [3, version] : [version],
        language: "es",
        intent: "answer",
        confidence: 0.87,
        sources: ["opening-hours.es.md"],
        model: { id: "offline", source: "offline", parameters: { threshold: 0.4 } },
        promptHash: hash("prompt"),
        contextVersion: version,
      },
    },
    {
      type: "SendRequested",
      data: { sendId, origin: "bot", content: { type: "text", text: sentence(turn + 1) } },
    },
    { type: "SendStarted", data: { sendId, attempt: 1 } },
  ];
};

const sending = (conversation: number, turn: number, at: string): ConversationEvent[] => {
  const sendId = sendIdOf(conversation, turn);
  const messageId = hash(`out/${conversation}/${turn}`);
  const status = (value: "sent" | "delivered" | "read"): ConversationEvent => ({
    type: "DeliveryStatusReceived",
    data: { messageId, digest: digest(`${messageId}/${value}`), sendId, status: value, occurredAt: at },
  });
  return [
    {
      type: "MessageSent",
      data: { sendId, messageId, wamid: `wamid.${messageId}`, evidence: "response" },
    },
    status("sent"),
    status("delivered"),
    status("read"),
    {
      type: "ReactionReceived",
      data: {
        messageId: hash(`reaction/${conversation}/${turn}`),
        digest: digest(`reaction/${conversation}/${turn}`),
        to: messageId,
        emoji: "👍",
      },
    },
  ];
};

const received = (conversation: number, turn: number, at: string): ConversationEvent => {
  const messageId = messageIdOf(conversation, turn);
  return {
    type: "MessageReceived",
    data: {
      messageId,
      digest: digest(messageId),
      wamid: `wamid.${messageId}`,
      sentAt: at,
      content: { type: "text", text: sentence(conversation + turn) },
    },
  };
};

const replyIdOf = (conversation: number, turn: number): string =>
  `01JF${String(conversation).padStart(10, "0")}${String(turn).padStart(12, "0")}`;

export const phoneOf = (conversation: number): string => `346${String(conversation).padStart(8, "0")}`;
export const nameOf = (conversation: number): string => `Lucía Prueba ${conversation}`;

/** As long as the pseudonyms that stand for WhatsApp's ids and for what came with them. */
const hash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);
const digest = (text: string): string => hash(`digest of ${text}`).slice(0, 11);

const sentences = [
  "¿A qué hora abrís el sábado? Queremos ir cuatro personas.",
  "Abrimos de 8:00 a 14:00, también los sábados. ¿Te reservo una mesa?",
  "¿Tenéis algo sin gluten? Una amiga es celíaca y no sabe qué pedir.",
  "Sí, toda la carta de desayunos se puede pedir sin gluten.",
  "Perfecto, gracias. ¿Y se puede llevar perro a la terraza?",
];

const sentence = (place: number): string => sentences[place % sentences.length] ?? "";
