import { produce } from "immer";
import { rate } from "../../../packages/core/domain/conversation.ts";
import type { ConversationRecord } from "../../../packages/core/views/view.ts";
import { folding } from "./folds.ts";

type Bare = {
  version: number;
  contact: Record<string, unknown>;
  language?: string;
  unanswered: { version: number; at: string; messageId: string }[];
  reply?: unknown;
  sends: Record<string, Record<string, unknown>>;
  seen: Record<string, { digest: string; at: string }>;
  turns: number[];
  lastAt: string;
  rateFullAt: number;
  answered?: { sendId: string; askedAt: string };
  spent: { day: string; replies: number };
};

const nothing: Bare = {
  version: 0,
  contact: {},
  unanswered: [],
  sends: {},
  seen: {},
  turns: [],
  lastAt: "",
  rateFullAt: 0,
  spent: { day: "", replies: 0 },
};

const amend = (state: Bare, sendId: string | undefined, change: object): void => {
  const send = sendId === undefined ? undefined : state.sends[sendId];
  if (send) Object.assign(send, change);
};

const know = (state: Bare, id: string, digest: string, at: string): void => {
  state.seen[id] = { digest, at };
  state.lastAt = at;
};

const evolve = (state: Bare, { type, data, version, at }: ConversationRecord): void => {
  switch (type) {
    case "ContactIdentified":
      Object.assign(state.contact, data);
      break;
    case "MessageReceived":
      know(state, data.messageId, data.digest, at);
      state.turns.push(version);
      state.rateFullAt = Math.max(state.rateFullAt, Date.parse(at)) + rate.intervalMs;
      state.unanswered.push({ version, at, messageId: data.messageId });
      break;
    case "ReactionReceived":
      know(state, data.messageId, data.digest, at);
      break;
    case "DeliveryStatusReceived":
      know(state, `${data.messageId}:${data.status}`, data.digest, at);
      amend(state, data.sendId, { delivery: data.status });
      break;
    case "ReplyStarted":
      state.reply = data;
      break;
    case "ReplyGenerated": {
      const asked = state.unanswered.findLast((message) => data.answers.includes(message.version));
      if (asked) state.answered = { sendId: data.sendId, askedAt: asked.at };
      const day = at.slice(0, 10);
      state.spent = { day, replies: (state.spent.day === day ? state.spent.replies : 0) + 1 };
      state.language = data.language;
      state.unanswered = state.unanswered.filter((message) => !data.answers.includes(message.version));
      delete state.reply;
      break;
    }
    case "ReplyWithheld":
      delete state.reply;
      break;
    case "SendRequested":
      state.turns.push(version);
      state.sends[data.sendId] = { ...data, phase: "requested" };
      break;
    case "SendStarted":
      amend(state, data.sendId, { phase: "started" });
      break;
    case "MessageSent":
      amend(state, data.sendId, { phase: "sent", messageId: data.messageId });
      break;
    default:
  }
  state.version = version;
};

export const contender = folding((events) =>
  produce(nothing, (draft) => {
    for (const event of events) evolve(draft, event);
  }),
);
