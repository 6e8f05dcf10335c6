/** The right side of the page: what Hilo recorded of a conversation, and what its views make of that. */
import type { RecordedEvent } from "#core/events/envelope.ts";
import { conversationList, type ConversationSummary } from "#core/views/conversation-list.ts";
import { foldInto } from "#core/views/view.ts";
import type { Customer } from "./shapes.ts";

/** Events that are shown at first; the others on demand. */
export const recentMax = 300;

export type Recording = {
  stream?: string;
  events: RecordedEvent[];
  /** Whether older events than the first of these were left out. */
  earlier: boolean;
  state?: ConversationSummary["state"];
  language?: string;
};

export type Recordings = {
  /** The stream of a customer's conversation, once there is one. */
  streamOf(customer: Customer): Promise<string | undefined>;
  /** A customer's events from a version on, or the most recent ones. */
  of(customer: Customer, from?: number): Promise<Recording>;
};

export const recordings = ({
  conversationOf,
  eventsOf,
}: {
  conversationOf: (alias: { phone?: string; userId?: string }) => Promise<string | undefined>;
  eventsOf: (stream: string, from: number) => Promise<RecordedEvent[]>;
}): Recordings => {
  /** How far each stream was folded, so that news costs only the news. */
  const folded = new Map<string, { version: number; items: Map<string, ConversationSummary> }>();
  const summaryOf = (stream: string, events: readonly RecordedEvent[]): ConversationSummary | undefined => {
    const before = folded.get(stream) ?? { version: 0, items: new Map<string, ConversationSummary>() };
    const news = events.filter(isOfConversation).filter(({ version }) => version > before.version);
    const items = foldInto(conversationList, before.items, news);
    folded.set(stream, { version: news.at(-1)?.version ?? before.version, items });
    return items.get("summary");
  };

  const streamOf = ({ phone, userId }: Customer) => conversationOf({ userId, ...(phone && { phone }) });

  return {
    streamOf,

    async of(customer, from) {
      const stream = await streamOf(customer);
      if (!stream) return { events: [], earlier: false };
      const known = folded.get(stream)?.version ?? 0;
      const read = await eventsOf(stream, from === undefined ? 1 : Math.min(from, known + 1));
      const events =
        from === undefined ? read.slice(-recentMax) : read.filter(({ version }) => version >= from);
      const summary = summaryOf(stream, read);
      return {
        stream,
        events,
        earlier: from === undefined && read.length > events.length,
        ...(summary && { state: summary.state }),
        ...(summary?.language && { language: summary.language }),
      };
    },
  };
};

const isOfConversation = (event: RecordedEvent) =>
  event.type !== "AccountUpdateReceived" && event.type !== "UpdateQuarantined";
