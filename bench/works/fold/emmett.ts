import { getInMemoryEventStore } from "@event-driven-io/emmett";
import { evolveByCopy, nothingYet, type CopiedConversation } from "../../peers/conversation-by-copy.ts";
import { decidedAt, eventsPerDecision } from "../../shared/history.ts";
import { folding } from "./folds.ts";

const store = getInMemoryEventStore();

/** As `aggregateStream` does it, from a store in memory. */
export const contender = folding(
  async (events) => {
    const { state } = await store.aggregateStream(String(events.length), {
      initialState: () => nothingYet,
      evolve: (before: CopiedConversation, event: never) => evolveByCopy(before, event, metadataOf(event)),
    });
    return state;
  },
  {
    largestOnce: true,
    before: async (events) => {
      if (await store.streamExists(String(events.length))) return;
      const facts = events.map(({ type, data }) => ({ type, data }));
      await store.appendToStream(String(events.length), facts as never);
    },
  },
);

const metadataOf = ({ metadata }: { metadata: { streamPosition: bigint } }) => {
  const version = Number(metadata.streamPosition);
  return { version, at: decidedAt(Math.floor((version - 1) / eventsPerDecision)) };
};
