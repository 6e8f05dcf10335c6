import type { z } from "zod";
import type { ConversationEvent } from "../events/conversation.ts";
import type { RecordedEvent } from "../events/envelope.ts";

export type ConversationRecord = RecordedEvent<ConversationEvent>;

/** A read model of each conversation: a group of items, every one a pure fold of the events that touch it. */
export type View<Item> = {
  name: string;
  item: z.ZodType<Item>;
  /** What events may change an item: those that its subscription asks for, and that are folded. */
  heeds: readonly ConversationEvent["type"][];
  /** The keys of the items that an event may change; "all" for every one there is. */
  touches(event: ConversationRecord): readonly string[] | "all";
  /** The item after the event. Undefined when there is none, or none any more. */
  evolve(item: Item | undefined, event: ConversationRecord): Item | undefined;
  /** The list that the item stands in, if any, and where: greatest `sort` first. */
  index?(item: Item, stream: string): { partition: string; sort: string } | undefined;
};

/** Folds the events that a view heeds, in order of version, into a conversation's items by key. */
export const foldInto = <Item>(
  view: View<Item>,
  items: Map<string, Item>,
  events: Iterable<ConversationRecord>,
): Map<string, Item> => {
  for (const event of events) {
    if (!view.heeds.includes(event.type)) continue;
    const touched = view.touches(event);
    for (const key of touched === "all" ? [...items.keys()] : touched) {
      const next = view.evolve(items.get(key), event);
      if (next === undefined) items.delete(key);
      else items.set(key, next);
    }
  }
  return items;
};

/** Versions as text that sorts as they do. */
export const sortable = (version: number): string => String(version).padStart(10, "0");
