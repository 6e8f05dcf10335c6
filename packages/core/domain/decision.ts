import type { ConversationEvent } from "../events/conversation.ts";

/** Why a command comes to nothing, for whoever gave it. */
export type Refusal =
  | "conversation-moved"
  | "contact-erased"
  | "no-such-conversation"
  | "reply-in-progress"
  | "send-unsettled"
  | "earlier-send-under-way"
  | "no-such-send"
  | "send-not-parked"
  | "context-changed";

/** The facts that follow (none when there is nothing to do), or a refusal. */
export type Decision = ConversationEvent[] | { rejected: Refusal };
