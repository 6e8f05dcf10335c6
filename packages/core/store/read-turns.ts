import { spokenAfter, type ContextTurn, type Spoken } from "../views/spoken.ts";
import type { EventStore } from "./event-store.ts";
import { readConversation } from "./read-conversation.ts";

/**
 * What was said from one version to another, as it stands at the conversation's head, whose version comes with it:
 * what was edited or taken back later is so here too.
 */
export const readTurns = async (
  store: EventStore,
  stream: string,
  { from, upTo }: { from: number; upTo: number },
): Promise<{ turns: ContextTurn[]; version: number }> => {
  let spoken: Spoken = { turns: [] };
  let head = 0;
  for await (const events of readConversation(store, stream, { from }))
    for (const event of events) {
      const after = spokenAfter(spoken, event);
      // later turns are not asked for, and what is done to these is
      spoken = { ...after, turns: after.turns.filter(({ version }) => version <= upTo) };
      head = event.version;
    }
  return { turns: spoken.turns, version: head };
};
