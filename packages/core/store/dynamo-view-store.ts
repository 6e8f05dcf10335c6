import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetItemCommand,
  paginateScan,
  PutItemCommand,
  QueryCommand,
  type DynamoDBClient,
  type ScanCommandInput,
} from "@aws-sdk/client-dynamodb";
import { recently } from "../clients/recently.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { batchDelete, batchGet, batchPut, type Item } from "./dynamo-batches.ts";
import { viewListIndex } from "./dynamo-schemas.ts";
import { viewGroups, type ViewGroups } from "./dynamo-view-groups.ts";
import {
  changedGate,
  entryFromRow,
  gateFrom,
  gateItem,
  listName,
  partsOf,
  placeOf,
  rowItem,
  rowKey,
  storedItems,
  streamOf,
  type Entry,
} from "./dynamo-view-items.ts";
import type { StoredItem, ViewStore } from "./view-store.ts";

export type DynamoViewStoreOptions = {
  client: DynamoDBClient;
  table: string;
  /** How long `current` is remembered, 0 by default. `promote` waits for as long, until nobody remembers. */
  trustMs?: number;
  /** For whoever may not write: nothing is repaired on the way. */
  isReadOnly?: boolean;
  now?: () => number;
};

/**
 * Read models on DynamoDB, in a table as `dynamo-schemas.ts` describes it. A change costs one write of the
 * gate, and one of each item in a group of several; a list is an index of keys alone, written only when an
 * item's place in it changes, and behind by a moment as every index of DynamoDB is. `versions` and `clear`
 * scan the table: they are for rebuilding.
 */
export const dynamoViewStore = ({
  client,
  table,
  trustMs = 0,
  isReadOnly = false,
  now = Date.now,
}: DynamoViewStoreOptions): ViewStore => {
  const groups = viewGroups(client, table);
  const generations = recently<string>({ max: 100, forMs: trustMs, now });

  const currentItem = async (name: string): Promise<Item> => {
    const get = { TableName: table, Key: generationKey(name), ConsistentRead: true };
    return (await client.send(new GetItemCommand(get))).Item ?? {};
  };

  const clear = async (view: string): Promise<void> => {
    const scan = { ...ofView(table, view), ProjectionExpression: "pk, sk" };
    for await (const { Items = [] } of paginateScan({ client }, scan))
      await batchDelete(client, table, Items);
  };

  return {
    /** Repairs on the way: whoever repeats a change after a crash asks this first. */
    async version(view, stream) {
      const gate = await groups.readGate(view, stream);
      if (gate && !isReadOnly) await groups.settle(view, stream, gate);
      return gate?.version ?? 0;
    },

    async items(view, stream, keys) {
      if (keys !== "all" && keys.length === 0) return [];
      const pending = await pendingEntries(groups, view, stream);
      if (pending.isAlone) return wanted(pending.entries, keys);
      const rows =
        keys === "all"
          ? await collect(groups.rows(view, stream))
          : (
              await batchGet(
                client,
                table,
                [...new Set(keys)].map((key) => rowKey(view, stream, key)),
              )
            ).map(entryFromRow);
      return wanted([...rows, ...pending.entries], keys);
    },

    async page(view, stream, { after, before, direction, limit }) {
      const { entries: pending, isAlone } = await pendingEntries(groups, view, stream);
      const isForwards = direction === "forwards";
      const inRange = ({ key }: { key: string }) =>
        (after === undefined || byBytes(key, after) > 0) &&
        (before === undefined || byBytes(key, before) < 0);
      const range = {
        isForwards,
        limit: limit + 2,
        ...(after !== undefined && { from: `i${after}` }),
        ...(before !== undefined && { to: `i${before}` }),
      };
      const found: Entry[] = [];
      const isEmpty = after !== undefined && before !== undefined && byBytes(after, before) >= 0;
      if (!isAlone && !isEmpty)
        for await (const rows of groups.rows(view, stream, range)) {
          found.push(...rows.filter((row) => row.body && inRange(row)));
          if (found.length >= limit + pending.length) break;
        }
      const items = wanted([...found, ...pending.filter(inRange)], "all");
      return (isForwards ? items : items.toReversed()).slice(0, limit);
    },

    /** On the gate that this process read last, if that stood at the version: another's write refuses it. */
    async write(view, change) {
      const { stream, expectedVersion } = change;
      const known = groups.lastRead(view, stream);
      const before = known?.version === expectedVersion ? known : await groups.readGate(view, stream);
      if ((before?.version ?? 0) !== expectedVersion) return false;
      const gate = changedGate(view, before, change, newWriteId());
      if (before) await groups.settle(view, stream, before);
      const written = await groups.putGate(view, stream, before, gate);
      if (written) await groups.settle(view, stream, written, { isNew: true });
      return written !== undefined;
    },

    /** Rows before their gate, so that a gate never stands without them. */
    async fill(view, changes) {
      const gates = changes.map((change) => ({
        stream: change.stream,
        gate: changedGate(view, undefined, change, newWriteId()),
      }));
      const rows = gates.flatMap(({ stream, gate }) =>
        gate.isAlone ? [] : gate.entries.map((entry) => rowItem(view, stream, gate.version, entry)),
      );
      await batchPut(client, table, rows);
      const items = gates.map(({ stream, gate }) =>
        gateItem(view, stream, gate.isAlone ? gate : { ...gate, entries: [] }),
      );
      await batchPut(client, table, items);
    },

    async list(view, { partition, after, limit }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: viewListIndex,
          KeyConditionExpression: `inList = :list${after === undefined ? "" : " AND place < :after"}`,
          ExpressionAttributeValues: {
            ":list": { S: listName(view, partition) },
            ...(after !== undefined && { ":after": { B: placeOf(...decodeCursor(after)) } }),
          },
          ScanIndexForward: false,
          Limit: limit + 1,
        }),
      );
      const page = Items.slice(0, limit);
      const last = Items.length > limit ? page.at(-1) : undefined;
      const items = await batchGet(
        client,
        table,
        page.map(({ pk = { S: "" }, sk = { S: "" } }) => ({ pk, sk })),
      );
      const byPlace = new Map(items.map((item) => [placeText(item), item]));
      return {
        items: page.flatMap((entry) => listed(byPlace.get(placeText(entry)))),
        ...(last?.["place"]?.B && { next: encodeCursor(partsOf(last["place"].B)) }),
      };
    },

    async versions(view, after = "") {
      const groupsOfView: { stream: string; version: number }[] = [];
      const scan = ofView(table, view, " AND sk = :gate", { ":gate": { S: "!" } });
      for await (const { Items = [] } of paginateScan({ client }, scan))
        groupsOfView.push(
          ...Items.map((item) => ({ stream: streamOf(item), version: gateFrom(item).version })),
        );
      return {
        groups: groupsOfView
          .filter(({ stream }) => byBytes(stream, after) > 0)
          .toSorted((a, b) => byBytes(a.stream, b.stream)),
      };
    },

    clear,

    async current(name) {
      const known = generations.get(name);
      return known ?? generations.keep(name, (await currentItem(name))["generation"]?.S ?? `${name}@1`);
    },

    /** First the flip, then the deletion: repeating it after a crash deletes what is left. */
    async promote(name, generation) {
      if (!generation.startsWith(`${name}@`))
        throw new RangeError(`${generation} is no generation of ${name}`);
      const item = await currentItem(name);
      const current = item["generation"]?.S ?? `${name}@1`;
      const previous = current === generation ? item["previous"]?.S : current;
      if (current !== generation)
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...generationKey(name),
              generation: { S: generation },
              ...(previous !== undefined && { previous: { S: previous } }),
            },
          }),
        );
      generations.drop(name);
      if (trustMs > 0) await sleep(trustMs);
      if (previous !== undefined) await clear(previous);
    },
  };
};

const newWriteId = (): string => randomBytes(9).toString("base64url");

/** What only the gate may hold yet. */
const pendingEntries = async (groups: ViewGroups, view: string, stream: string) => {
  const gate = await groups.readGate(view, stream);
  if (!gate) return { isAlone: true, entries: [] };
  return gate.staged > 0 ? { ...gate, entries: await groups.stagedEntries(view, stream, gate) } : gate;
};

/** The newest of each key, in order of key: the last entry of a key counts. */
const wanted = (entries: readonly Entry[], keys: readonly string[] | "all"): StoredItem[] => {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  return [...byKey.values()]
    .filter(({ key }) => keys === "all" || keys.includes(key))
    .toSorted((a, b) => byBytes(a.key, b.key))
    .flatMap(storedItems);
};

const collect = async <Value>(pages: AsyncIterable<Value[]>): Promise<Value[]> => {
  const all: Value[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

/** Where an item says it stands: one that has moved since the index was read is no longer there. */
const placeText = (item: Item): string =>
  `${item["inList"]?.S}\0${Buffer.from(item["place"]?.B ?? []).toString()}`;

const listed = (item: Item | undefined) => {
  if (!item) return [];
  const [entry] = item["sk"]?.S === "!" ? gateFrom(item).entries : [entryFromRow(item)];
  if (!entry?.body) return [];
  return [{ stream: streamOf(item), key: entry.key, subject: entry.subject, body: entry.body }];
};

const generationKey = (name: string): Item => ({ pk: { S: name }, sk: { S: "generation" } });

const ofView = (table: string, view: string, more = "", values: Item = {}): ScanCommandInput => ({
  TableName: table,
  ConsistentRead: true,
  FilterExpression: `begins_with(pk, :view)${more}`,
  ExpressionAttributeValues: { ":view": { S: `${view}#` }, ...values },
});

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
