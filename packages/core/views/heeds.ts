/**
 * The events that may change an item of each view: what its subscription asks for, and what it folds. Apart from the
 * views, so that the stacks can read it without them.
 */
import type { ConversationEvent } from "../events/conversation.ts";

export const heeds = {
  "conversation-list": [
    "ConversationStarted",
    "ContactIdentified",
    "MessageReceived",
    "MessageEchoed",
    "SendRequested",
    "MessageSent",
    "ReplyGenerated",
    "HumanRequested",
    "HumanTookOver",
    "BotResumed",
    "ConversationMoved",
    "ContactErased",
  ],
  transcript: [
    "MessageReceived",
    "MessageEchoed",
    "MediaStored",
    "MediaUnavailable",
    "ReactionReceived",
    "MessageEdited",
    "MessageRevoked",
    "SendRequested",
    "SendStarted",
    "MessageSent",
    "SendFailed",
    "SendUncertain",
    "SendParked",
    "SendResolved",
    "DeliveryStatusReceived",
    "ContactErased",
  ],
  context: [
    "MessageReceived",
    "MessageEchoed",
    "MessageEdited",
    "MessageRevoked",
    "SendRequested",
    "ReplyGenerated",
    "ContextSummarised",
    "ContactErased",
  ],
  "parked-sends": [
    "SendRequested",
    "MessageSent",
    "SendFailed",
    "SendParked",
    "SendResolved",
    "ContactErased",
  ],
  costs: [
    "MessageReceived",
    "MessageSent",
    "ReplyGenerated",
    "ReplyWithheld",
    "ContextSummarised",
    "DeliveryStatusReceived",
    "ContactErased",
  ],
} as const satisfies Record<string, readonly ConversationEvent["type"][]>;
