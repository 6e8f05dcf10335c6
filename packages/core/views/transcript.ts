/** What was said, message by message, with its ticks: the phone's screen. */
import * as z from "zod";
import { MessageContent } from "../events/content.ts";
import { DeliveryStatus, MediaUnavailable, NoReply, OutboundContent } from "../events/conversation.ts";
import { contradict, deliveryOrder } from "../events/delivery-status.ts";
import { heeds } from "./heeds.ts";
import { sortable, type ConversationRecord, type View } from "./view.ts";

/** How far an outbound message has come; `conflicting` when WhatsApp said both that it failed and that it arrived. */
export const OutboundStatus = z.enum([
  "requested",
  "sending",
  "uncertain",
  "parked",
  "accepted",
  ...DeliveryStatus.options,
  "conflicting",
]);
export type OutboundStatus = z.infer<typeof OutboundStatus>;

/** What became of a message's file. */
export const MessageMedia = z.union([
  z.object({ key: z.string(), mimeType: z.string().optional(), sizeBytes: z.int() }),
  z.object({ unavailable: MediaUnavailable.shape.data.shape.reason }),
]);
export type MessageMedia = z.infer<typeof MessageMedia>;

export const TranscriptMessage = z.object({
  /** Ours: the hash of WhatsApp's id for what came in, the send's id for what goes out. */
  id: z.string(),
  /** Version of the event that brought it. */
  version: z.int(),
  from: z.enum(["customer", "bot", "agent", "phone-app"]),
  at: z.string(),
  content: z.union([MessageContent, OutboundContent]),
  status: OutboundStatus.optional(),
  failure: z.string().optional(),
  noReply: NoReply.optional(),
  inReplyTo: z.string().optional(),
  /** Whether its file is kept. Absent until that is known. */
  media: MessageMedia.optional(),
  reaction: z.string().optional(),
  edited: z.boolean().optional(),
  revoked: z.boolean().optional(),
  history: z.boolean().optional(),
});
export type TranscriptMessage = z.infer<typeof TranscriptMessage>;

export const transcript: View<TranscriptMessage> = {
  name: "transcript",
  item: TranscriptMessage,
  heeds: heeds.transcript,
  index: (message, stream) => ({ partition: stream, sort: sortable(message.version) }),

  touches({ type, data }) {
    switch (type) {
      case "MessageReceived":
      case "MessageEchoed":
      case "MediaStored":
      case "MediaUnavailable":
        return [data.messageId];
      case "ReactionReceived":
        return [data.to];
      case "MessageEdited":
      case "MessageRevoked":
        return [data.original];
      case "SendRequested":
      case "SendStarted":
      case "MessageSent":
      case "SendFailed":
      case "SendUncertain":
      case "SendParked":
      case "SendResolved":
        return [data.sendId];
      case "DeliveryStatusReceived":
        return [data.sendId ?? data.messageId];
      case "ContactErased":
        return "all";
      case "ConversationStarted":
      case "ContactIdentified":
      case "ContactMarked":
      case "HumanRequested":
      case "PeopleNotified":
      case "HumanTookOver":
      case "BotResumed":
      case "ReplyStarted":
      case "ReplyGenerated":
      case "ReplyWithheld":
      case "ReplyDelayed":
      case "ToolUsed":
      case "DialogEntered":
      case "DialogAdvanced":
      case "DialogPaused":
      case "DialogResumed":
      case "DialogLeft":
      case "ContextSummarised":
      case "ConversationMoved":
      case "ConversationAbsorbed":
        return [];
    }
  },

  evolve(message, event) {
    const { type, data, version } = event;
    switch (type) {
      case "MessageReceived":
        return {
          ...pick(data, "content", "noReply", "inReplyTo"),
          id: data.messageId,
          version,
          from: "customer",
          at: data.sentAt,
          ...(data.noReply === "history" && { history: true }),
        };
      case "MessageEchoed":
        return {
          ...pick(data, "content", "history"),
          id: data.messageId,
          version,
          from: data.by === "person" ? "phone-app" : "bot",
          at: data.sentAt,
        };
      case "SendRequested":
        return {
          id: data.sendId,
          version,
          from: data.origin,
          at: event.at,
          content: data.content,
          status: "requested",
        };
      case "ContactErased":
        return undefined;
      default:
        return message && amend(message, event);
    }
  },
};

/** What later facts do to a message that is there. */
const amend = (message: TranscriptMessage, { type, data }: ConversationRecord): TranscriptMessage => {
  switch (type) {
    case "ReactionReceived": {
      const { reaction: _, ...rest } = message;
      return data.emoji ? { ...rest, reaction: data.emoji } : rest;
    }
    case "MessageEdited":
      return { ...message, content: data.content, edited: true };
    case "MessageRevoked":
      return { ...message, revoked: true };
    case "MediaStored": {
      const { mediaKey: key, mimeType, sizeBytes } = data;
      return { ...message, media: { key, sizeBytes, ...(mimeType && { mimeType }) } };
    }
    case "MediaUnavailable":
      return { ...message, media: { unavailable: data.reason } };
    case "SendStarted": {
      const { failure: _, ...rest } = message;
      return { ...rest, status: raise(message.status, "sending") };
    }
    case "SendUncertain":
      return { ...message, status: raise(message.status, "uncertain") };
    case "SendResolved":
      return data.resentAs
        ? message
        : { ...message, status: raise(message.status, "failed"), failure: "dropped" };
    case "SendParked":
      return { ...message, status: raise(message.status, "parked") };
    case "MessageSent":
      return { ...message, status: raise(message.status, "accepted") };
    case "SendFailed":
      return {
        ...message,
        status: raise(message.status, data.retry === "later" ? "requested" : "failed"),
        failure: data.reason,
      };
    case "DeliveryStatusReceived": {
      const failure = data.errors?.[0]?.title;
      return { ...message, status: raise(message.status, data.status), ...(failure && { failure }) };
    }
    default:
      return message;
  }
};

const order: readonly OutboundStatus[] = ["accepted", ...deliveryOrder];

/** The status after news of another: it only rises, whatever order the news came in (D10). */
export const raise = (before: OutboundStatus | undefined, news: OutboundStatus): OutboundStatus => {
  if (before === "conflicting" || contradict(before, news)) return "conflicting";
  return before && order.indexOf(before) > order.indexOf(news) ? before : news;
};

const pick = <Value extends object, Key extends keyof Value>(
  value: Value,
  ...keys: Key[]
): Pick<Value, Key> =>
  Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]])) as Pick<
    Value,
    Key
  >;
