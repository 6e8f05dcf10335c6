/**
 * A conversation's state as reducers are usually written: each event makes a new state by spreading the old one.
 * It holds what Hilo's holds, and forgets nothing.
 */
import type { ConversationEvent } from "../../packages/core/events/conversation.ts";

export type CopiedConversation = {
  version: number;
  contact: Record<string, unknown>;
  language?: string;
  unanswered: { version: number; at: string; messageId: string }[];
  reply?: unknown;
  sends: Record<string, Record<string, unknown>>;
  seen: Record<string, { digest: string; at: string }>;
};

export const nothingYet: CopiedConversation = {
  version: 0,
  contact: {},
  unanswered: [],
  sends: {},
  seen: {},
};

export const evolveByCopy = (
  before: CopiedConversation,
  { type, data }: ConversationEvent,
  { version, at }: { version: number; at: string },
): CopiedConversation => {
  const state = { ...before, version };
  const remember = (id: string, digest: string) => ({ ...state.seen, [id]: { digest, at } });
  const amend = (sendId: string, change: object) => ({
    ...state.sends,
    [sendId]: { ...state.sends[sendId], ...change },
  });
  switch (type) {
    case "ContactIdentified":
      return { ...state, contact: { ...state.contact, ...data } };
    case "MessageReceived":
      return {
        ...state,
        seen: remember(data.messageId, data.digest),
        unanswered: [...state.unanswered, { version, at, messageId: data.messageId }],
      };
    case "ReactionReceived":
      return { ...state, seen: remember(data.messageId, data.digest) };
    case "DeliveryStatusReceived":
      return {
        ...state,
        seen: remember(`${data.messageId}:${data.status}`, data.digest),
        ...(data.sendId && { sends: amend(data.sendId, { delivery: data.status }) }),
      };
    case "ReplyStarted":
      return { ...state, reply: data };
    case "ReplyGenerated":
      return {
        ...state,
        language: data.language,
        reply: undefined,
        unanswered: state.unanswered.filter((message) => !data.answers.includes(message.version)),
      };
    case "ReplyWithheld":
      return { ...state, reply: undefined };
    case "SendRequested":
      return { ...state, sends: { ...state.sends, [data.sendId]: { ...data, phase: "requested" } } };
    case "SendStarted":
      return { ...state, sends: amend(data.sendId, { phase: "started" }) };
    case "MessageSent":
      return { ...state, sends: amend(data.sendId, { phase: "sent", messageId: data.messageId }) };
    default:
      return state;
  }
};
