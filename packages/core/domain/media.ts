/** What became of the file that came with a message: known once, whoever finds out. */
import type { EventOf } from "../events/conversation.ts";
import { mediaId, type Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import { knows } from "./seen.ts";

/** Nothing for a message that is not remembered any more: WhatsApp has forgotten its file long before. */
export const decideMedia = (
  state: Conversation,
  outcome: EventOf<"MediaStored" | "MediaUnavailable">,
): Decision => {
  if (state.erased) return { rejected: "contact-erased" };
  return awaitsFile(state, outcome.data.messageId) ? [outcome] : [];
};

/** Whether a message is remembered, and nothing of what became of its file. */
export const awaitsFile = ({ seen }: Conversation, messageId: string): boolean =>
  knows(seen, messageId) && !knows(seen, mediaId(messageId));
