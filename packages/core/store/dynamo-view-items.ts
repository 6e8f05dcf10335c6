/**
 * Groups of a view as items of a DynamoDB table. The names are the storage format.
 *
 * All items of a group share `pk`, `<generation>#<stream>`. The gate (`sk` "!") holds the group's version and
 * the entries of its last change: one conditional put of it is the whole change, so that a change is there
 * entirely or not at all without a transaction, which would cost twice as much. Entries are copied into rows
 * of their own (`sk` "i<key>") right after; until then, readers take them from the gate, and whoever changes
 * the group next copies them first. A group of one item (most views) has no rows: its gate is all of it.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./dynamo-batches.ts";
import type { StoredItem, ViewChange } from "./view-store.ts";

/** An item of a group; without a `body`, one that was removed. */
export type Entry = { key: string; subject: string; body?: Uint8Array; place?: Place };

/** Where it stands in the index: its list, and its sort, stream and key in their order of bytes. */
type Place = { inList: string; place: Uint8Array };

export type Gate = {
  version: number;
  /** Differs for every write, so that what was read can be recognised. */
  writeId: string;
  /** Whether nothing of this group is in rows. */
  isAlone: boolean;
  entries: Entry[];
  /** How many items beside it hold the entries, where they are too large for the gate. */
  staged: number;
};

export const gateKey = (view: string, stream: string): Item => ({
  pk: { S: `${view}#${stream}` },
  sk: { S: "!" },
});

export const rowKey = (view: string, stream: string, key: string): Item => ({
  pk: { S: `${view}#${stream}` },
  sk: { S: `i${key}` },
});

export const stageKey = (view: string, stream: string, writeId: string, number: number): Item => ({
  pk: { S: `${view}#${stream}` },
  sk: { S: `~${writeId}#${number}` },
});

export const streamOf = (item: Item): string => {
  const pk = item["pk"]?.S ?? "";
  return pk.slice(pk.indexOf("#") + 1);
};

const viewOf = (item: Item): string => {
  const pk = item["pk"]?.S ?? "";
  return pk.slice(0, pk.indexOf("#"));
};

export const listName = (view: string, partition: string): string => `${view}#${partition}`;

const partitionOf = (inList: string): string => inList.slice(inList.indexOf("#") + 1);

/** Zero bytes come before all others, so the bytes sort as the tuple does. */
export const placeOf = (sort: string, stream: string, key: string): Uint8Array =>
  Buffer.from([sort, stream, key].join("\0"));

/** Sort, stream and key. */
export const partsOf = (place: Uint8Array): [string, string, string] => {
  const [sort = "", stream = "", key = ""] = Buffer.from(place).toString().split("\0");
  return [sort, stream, key];
};

/** The group after a change, given what was there. */
export const changedGate = (
  view: string,
  before: Gate | undefined,
  change: ViewChange,
  writeId: string,
): Gate => {
  const { stream, subject, version, put, remove } = change;
  const kept = before?.isAlone ? before.entries : [];
  const entries = new Map(kept.map((entry) => [entry.key, entry]));
  const hasRows = before !== undefined && !before.isAlone;
  for (const key of remove) {
    if (hasRows) entries.set(key, { key, subject });
    else entries.delete(key);
  }
  for (const { key, body, index } of put) {
    if (!(body instanceof Uint8Array)) throw new TypeError("an item without a body");
    const place = index && {
      inList: listName(view, index.partition),
      place: placeOf(index.sort, stream, key),
    };
    entries.set(key, { key, subject, body, ...(place && { place }) });
  }
  const isAlone = !hasRows && entries.size <= 1;
  return { version, writeId, isAlone, entries: [...entries.values()], staged: 0 };
};

export const gateItem = (view: string, stream: string, gate: Gate): Item => {
  const [only] = gate.isAlone ? gate.entries : [];
  return {
    ...gateKey(view, stream),
    v: { N: String(gate.version) },
    writeId: { S: gate.writeId },
    ...(gate.isAlone && { isAlone: { BOOL: true } }),
    ...(gate.staged > 0
      ? { staged: { N: String(gate.staged) } }
      : { entries: entriesAttribute(gate.entries, gate.isAlone ? undefined : stream) }),
    ...(only?.place && placeAttributes(only.place)),
  };
};

export const gateFrom = (item: Item, stream = streamOf(item)): Gate => {
  const isAlone = item["isAlone"]?.BOOL === true;
  const entries = entriesFrom(item["entries"], viewOf(item), stream);
  return {
    version: Number(item["v"]?.N ?? 0),
    writeId: item["writeId"]?.S ?? "",
    isAlone,
    entries: isAlone ? entries.map((entry) => ({ ...entry, ...placeFrom(item) })) : entries,
    staged: Number(item["staged"]?.N ?? 0),
  };
};

export const rowItem = (view: string, stream: string, version: number, entry: Entry): Item => ({
  ...rowKey(view, stream, entry.key),
  v: { N: String(version) },
  ...contentAttributes(entry),
  ...(entry.place && placeAttributes(entry.place)),
});

export const entryFromRow = (item: Item): Entry => ({
  key: (item["sk"]?.S ?? "").slice(1),
  ...contentFrom(item),
  ...placeFrom(item),
});

/**
 * Entries within a gate. It is paid for by the kilobyte, so a place is only what the row's can be made of:
 * its sort, and its partition where that is not the stream. Without a stream, places are left to the gate.
 */
export const entriesAttribute = (entries: readonly Entry[], stream?: string): AttributeValue => ({
  L: entries.map((entry) => ({
    M: {
      key: { S: entry.key },
      ...contentAttributes(entry),
      ...(stream !== undefined && entry.place && shortPlace(entry.place, stream)),
    },
  })),
});

export const entriesFrom = (attribute: AttributeValue | undefined, view: string, stream: string): Entry[] =>
  (attribute?.L ?? []).map(({ M = {} }) => {
    const [key, sort, partition = stream] = [M["key"]?.S ?? "", M["sort"]?.S, M["partition"]?.S];
    const place = sort !== undefined && {
      inList: listName(view, partition),
      place: placeOf(sort, stream, key),
    };
    return { key, ...contentFrom(M), ...(place && { place }) };
  });

const shortPlace = ({ inList, place }: Place, stream: string): Item => {
  const partition = partitionOf(inList);
  return { sort: { S: partsOf(place)[0] }, ...(partition !== stream && { partition: { S: partition } }) };
};

/** As the view store answers it. Nothing for one that was removed. */
export const storedItems = (entry: Entry): StoredItem[] => {
  if (!entry.body) return [];
  const { key, body, place } = entry;
  if (!place) return [{ key, body }];
  return [{ key, body, index: { partition: partitionOf(place.inList), sort: partsOf(place.place)[0] } }];
};

const contentAttributes = ({ subject, body }: Entry): Item => ({
  subject: { S: subject },
  ...(body && { body: { B: body } }),
});

const contentFrom = (item: Item): Pick<Entry, "subject" | "body"> => ({
  subject: item["subject"]?.S ?? "",
  ...(item["body"]?.B && { body: item["body"].B }),
});

const placeAttributes = ({ inList, place }: Place): Item => ({ inList: { S: inList }, place: { B: place } });

const placeFrom = (item: Item): Pick<Entry, "place"> => {
  const [inList, place] = [item["inList"]?.S, item["place"]?.B];
  return inList !== undefined && place ? { place: { inList, place } } : {};
};
