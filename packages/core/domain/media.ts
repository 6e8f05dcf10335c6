/** What became of the file that came with a message: known once, whoever finds out. */
import type { EventOf } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";

/** Nothing for a message that is not remembered any more: WhatsApp has forgotten its file long before. */
export const decideMedia = (
  state: Conversation,
  outcome: EventOf<"MediaStored" | "MediaUnavailable">,
): Decision => {
  if (state.erased) return { rejected: "contact-erased" };
  const message = state.seen[outcome.data.messageId];
  return message === undefined || message.media ? [] : [outcome];
};
