import type { ConversationEvent } from "../../../packages/core/events/conversation.ts";
import { eventsOf } from "../../shared/history.ts";

/** The event that a conversation's `step`-th append brings: received messages, which hold most. */
export const eventOf = (conversation: number, step: number): ConversationEvent => {
  const [event] = eventsOf(conversation, 2 * step + 1);
  if (!event) throw new Error("a decision without events");
  return event;
};
