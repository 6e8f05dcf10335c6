import { produce } from "immer";
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
};

const nothing: Bare = { version: 0, contact: {}, unanswered: [], sends: {}, seen: {} };

const amend = (state: Bare, sendId: string | undefined, change: object): void => {
  const send = sendId === undefined ? undefined : state.sends[sendId];
  if (send) Object.assign(send, change);
};

const evolve = (state: Bare, { type, data, version, at }: ConversationRecord): void => {
  switch (type) {
    case "ContactIdentified":
      Object.assign(state.contact, data);
      break;
    case "MessageReceived":
      state.seen[data.messageId] = { digest: data.digest, at };
      state.unanswered.push({ version, at, messageId: data.messageId });
      break;
    case "ReactionReceived":
      state.seen[data.messageId] = { digest: data.digest, at };
      break;
    case "DeliveryStatusReceived":
      state.seen[`${data.messageId}:${data.status}`] = { digest: data.digest, at };
      amend(state, data.sendId, { delivery: data.status });
      break;
    case "ReplyStarted":
      state.reply = data;
      break;
    case "ReplyGenerated":
      state.language = data.language;
      state.unanswered = state.unanswered.filter((message) => !data.answers.includes(message.version));
      delete state.reply;
      break;
    case "ReplyWithheld":
      delete state.reply;
      break;
    case "SendRequested":
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
