/** When two contacts turn out to be one person, the older conversation goes on and the other is closed to messages. */
import { decideAbsorb, decideMove } from "#core/domain/ownership.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { conversationStream } from "#core/events/stream.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";

type Place = EventOf<"ConversationStarted">["data"];

/** Moves first, absorbs after: once the other takes no more messages, what it has seen is final. Repeatable. */
export const absorbConversations = async (
  deps: HandleDeps,
  stream: string,
  place: Place,
  absorbed: readonly string[],
): Promise<void> => {
  const others = absorbed.map((contactId) => conversationStream(contactId, place.phoneNumberId));
  if (others.length === 0) return;
  const { state } = await load(deps.store, stream);
  for (const from of others.filter((other) => !state.absorbed.includes(other))) {
    const { state: other } = await handle(deps, from, (before) => decideMove(before, { to: stream }));
    if (other.version > 0)
      await handle(deps, stream, (before) => decideAbsorb(before, { ...place, from, other }));
  }
};
