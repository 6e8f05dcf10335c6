/** Brings one conversation's part of a view up to its stream's head. Repeating it, or racing it, changes nothing. */
import { isDeepStrictEqual } from "node:util";
import { subjectOf } from "../events/stream.ts";
import { foldInto, type ConversationRecord, type View } from "../views/view.ts";
import type { EventStore } from "./event-store.ts";
import { readConversation } from "./read-conversation.ts";
import type { StoredItem, ViewChange, ViewStore } from "./view-store.ts";

export type ProjectDeps = { store: EventStore; views: ViewStore };

export type ProjectOptions = {
  /** Nothing is read from the store when the view has reached this version already. */
  atLeast?: number;
  /** Which generation of the view; the one that queries read by default. */
  generation?: string;
};

/** A view notes that nothing has changed for it once so many events have passed: until then they are read again. */
export const quietEventsMax = 50;

/**
 * Projects everything after the version that the view has reached (D7). Answers the version that its items are true
 * of then: what changes none of them is not written, so the view itself may stand at an earlier one.
 */
export const project = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  stream: string,
  { atLeast = Number.POSITIVE_INFINITY, generation }: ProjectOptions = {},
): Promise<number> => {
  const name = generation ?? (await deps.views.current(view.name));
  for (;;) {
    const reached = await deps.views.version(name, stream);
    if (reached >= atLeast) return reached;
    const events = await eventsAfter(deps.store, stream, reached);
    const last = events.at(-1);
    if (!last || (await apply(deps, view, name, stream, reached, events))) return last?.version ?? reached;
  }
};

/** Whether these events, those after the version that the view has reached, would change any of its items. */
export const wouldChange = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  stream: string,
  events: readonly ConversationRecord[],
): Promise<boolean> => {
  const { put, remove } = await changesOf(deps, view, await deps.views.current(view.name), stream, events);
  return put.length + remove.length > 0;
};

/** The items of one conversation as they were at a version: folded from the log, and to the letter as if stored. */
export const itemsAt = async <Item>(
  store: EventStore,
  view: View<Item>,
  stream: string,
  version: number,
): Promise<Map<string, Item>> => {
  const items = new Map<string, Item>();
  for await (const events of readConversation(store, stream, { to: version })) foldInto(view, items, events);
  return new Map([...items].map(([key, item]) => [key, view.item.parse(item)]));
};

/** Opens a stored item. Undefined when its person is erased. */
export const openItem = async <Item>(
  { store }: Pick<ProjectDeps, "store">,
  view: View<Item>,
  stream: string,
  stored: Pick<StoredItem, "key" | "body">,
): Promise<Item | undefined> => {
  const opened = await store.codec.open(
    subjectOf(stream),
    stored.body,
    itemContext(view.name, stream, stored.key),
  );
  return opened === undefined ? undefined : view.item.parse(opened);
};

/** A conversation's items, sealed, as the whole of its group in a view. */
export const groupOf = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  { stream, version, items }: { stream: string; version: number; items: ReadonlyMap<string, Item> },
): Promise<ViewChange> => {
  const put = await Promise.all([...items].map(([key, item]) => sealItem(deps, view, stream, key, item)));
  return { stream, subject: subjectOf(stream), expectedVersion: 0, version, put: put.flat(), remove: [] };
};

const apply = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  name: string,
  stream: string,
  expectedVersion: number,
  events: readonly ConversationRecord[],
): Promise<boolean> => {
  const { before, put, remove } = await changesOf(deps, view, name, stream, events);
  // unless another write came between: then what is unchanged was not what these events are to be folded into
  if (put.length + remove.length === 0 && isQuiet(view, before, events))
    return (await deps.views.version(name, stream)) === expectedVersion;
  const sealed = await Promise.all(put.map(([key, item]) => sealItem(deps, view, stream, key, item)));
  return deps.views.write(name, {
    stream,
    subject: subjectOf(stream),
    expectedVersion,
    version: events.at(-1)?.version ?? expectedVersion,
    put: sealed.flat(),
    remove,
  });
};

/**
 * Whether none of these few events changes anything. What comes and goes again is a change: whoever writes the first
 * half of it at this moment would never hear of the second, if the version that it starts from stayed.
 */
const isQuiet = <Item>(
  view: View<Item>,
  before: ReadonlyMap<string, Item>,
  events: readonly ConversationRecord[],
): boolean =>
  events.length < quietEventsMax &&
  events.every((event) => isDeepStrictEqual(foldInto(view, new Map(before), [event]), before));

type Changes<Item> = { before: ReadonlyMap<string, Item>; put: [string, Item][]; remove: string[] };

const changesOf = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  name: string,
  stream: string,
  events: readonly ConversationRecord[],
): Promise<Changes<Item>> => {
  const keys = keysTouched(view, events);
  if (keys.length === 0) return { before: new Map(), put: [], remove: [] };
  const stored = await deps.views.items(name, stream, keys);
  const opened = await Promise.all(
    stored.map(async (item) => [item.key, await openItem(deps, view, stream, item)] as const),
  );
  const before = new Map(opened.flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const])));
  const after = foldInto(view, new Map(before), events);
  return {
    before,
    put: [...after].filter(([key, item]) => !isDeepStrictEqual(before.get(key), item)),
    remove: stored.map(({ key }) => key).filter((key) => !after.has(key)),
  };
};

const keysTouched = <Item>(
  view: View<Item>,
  events: readonly ConversationRecord[],
): readonly string[] | "all" => {
  const heeded = events.filter(({ type }) => view.heeds.includes(type));
  const touched = heeded.map((event) => view.touches(event));
  return touched.includes("all") ? "all" : [...new Set((touched as (readonly string[])[]).flat())];
};

const sealItem = async <Item>(
  { store }: ProjectDeps,
  view: View<Item>,
  stream: string,
  key: string,
  item: Item,
): Promise<StoredItem[]> => {
  const body = await store.codec.seal(subjectOf(stream), item, itemContext(view.name, stream, key));
  const index = view.index?.(item, stream);
  return body ? [{ key, body, ...(index && { index }) }] : [];
};

const eventsAfter = async (
  store: EventStore,
  stream: string,
  version: number,
): Promise<ConversationRecord[]> => {
  const events: ConversationRecord[] = [];
  for await (const page of readConversation(store, stream, { from: version + 1 })) events.push(...page);
  return events;
};

const itemContext = (view: string, stream: string, key: string): string => `${view}/${stream}/${key}`;
