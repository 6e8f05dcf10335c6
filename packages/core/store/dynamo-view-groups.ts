/** One group of a view at a time: its gate, and its rows behind it. `dynamo-view-items.ts` says how it works. */
import {
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
  type DynamoDBClient,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { recently } from "../clients/recently.ts";
import { batchDelete, batchGet, chunks, whetherDone, type Item } from "./dynamo-batches.ts";
import {
  entriesAttribute,
  entriesFrom,
  entryFromRow,
  gateFrom,
  gateItem,
  gateKey,
  rowItem,
  rowKey,
  stageKey,
  type Entry,
  type Gate,
} from "./dynamo-view-items.ts";

/** An item has at most 400 KB; beyond this many bytes of entries they are staged in items beside the gate. */
const entryBytesMax = 300 * 1024;
const rowsAtOnce = 25;
/** Gates whose entries are known to be in rows: it saves reading them. */
const settledMax = 10_000;
/** Gates that a write may build on without reading them once more. */
const gatesMax = 100;
const gateMs = 60_000;

export type ViewGroups = ReturnType<typeof viewGroups>;

export const viewGroups = (client: DynamoDBClient, table: string) => {
  const settled = new Set<string>();
  const read = recently<Gate>({ max: gatesMax, forMs: gateMs, now: Date.now });

  const readGate = async (view: string, stream: string): Promise<Gate | undefined> => {
    const get = { TableName: table, Key: gateKey(view, stream), ConsistentRead: true };
    const { Item } = await client.send(new GetItemCommand(get));
    const name = `${view}#${stream}`;
    if (Item) return read.keep(name, gateFrom(Item, stream));
    read.drop(name);
    return undefined;
  };

  const put = (item: Item, condition: Omit<Partial<PutItemCommand["input"]>, "Item" | "TableName">) =>
    whetherDone(client.send(new PutItemCommand({ TableName: table, Item: item, ...condition })));

  /** The gate as written; undefined when another write came first. One that meets itself, repeated by the SDK, did not. */
  const putGate = async (
    view: string,
    stream: string,
    before: Gate | undefined,
    wanted: Gate,
  ): Promise<Gate | undefined> => {
    const staged = await stage(view, stream, wanted);
    const gate = { ...wanted, staged: staged.length };
    const condition = before
      ? {
          ConditionExpression: "writeId = :before",
          ExpressionAttributeValues: { ":before": { S: before.writeId } },
        }
      : { ConditionExpression: "attribute_not_exists(pk)" };
    const isWritten =
      (await put(gateItem(view, stream, gate), condition)) ||
      (await readGate(view, stream))?.writeId === gate.writeId;
    if (isWritten) return gate;
    await batchDelete(client, table, staged);
    return undefined;
  };

  const stage = async (view: string, stream: string, { entries, writeId }: Gate): Promise<Item[]> => {
    if (sizeOf(entries) <= entryBytesMax) return [];
    const keys: Item[] = [];
    for (const part of bySize(entries)) {
      const key = stageKey(view, stream, writeId, keys.length);
      await put({ ...key, entries: entriesAttribute(part, stream) }, {});
      keys.push(key);
    }
    return keys;
  };

  /** Copies entries into rows. Safe to repeat, at any time: a row only ever becomes newer. */
  const writeRows = async (view: string, stream: string, version: number, entries: readonly Entry[]) => {
    for (const part of chunks(entries, rowsAtOnce))
      await Promise.all(
        part.map((entry) =>
          put(rowItem(view, stream, version, entry), {
            ConditionExpression: "attribute_not_exists(pk) OR v < :version",
            ExpressionAttributeValues: { ":version": { N: String(version) } },
          }),
        ),
      );
  };

  const missingInRows = async (view: string, stream: string, { version, entries }: Gate) => {
    const rows = await batchGet(
      client,
      table,
      entries.map(({ key }) => rowKey(view, stream, key)),
    );
    const there = new Set(rows.filter(({ v }) => Number(v?.N) >= version).map((row) => row["sk"]?.S));
    return entries.filter(({ key }) => !there.has(`i${key}`));
  };

  const stageKeys = (view: string, stream: string, { writeId, staged }: Gate): Item[] =>
    Array.from({ length: staged }, (_, number) => stageKey(view, stream, writeId, number));

  const stagedEntries = async (view: string, stream: string, gate: Gate): Promise<Entry[]> => {
    const items = await batchGet(client, table, stageKeys(view, stream, gate));
    return items.flatMap((item) => entriesFrom(item["entries"], view, stream));
  };

  const settleStaged = async (view: string, stream: string, gate: Gate): Promise<void> => {
    await writeRows(view, stream, gate.version, await stagedEntries(view, stream, gate));
    await batchDelete(client, table, stageKeys(view, stream, gate));
  };

  return {
    readGate,
    putGate,

    /** What a gate has beside it. What is missing there is in rows by now. */
    stagedEntries,

    /** The gate as it was when last read, once: it may be another by now. */
    lastRead(view: string, stream: string): Gate | undefined {
      const name = `${view}#${stream}`;
      const gate = read.get(name);
      read.drop(name);
      return gate;
    },

    /** Makes sure that what a gate holds is in rows. `isNew` says that nobody can have done it. */
    async settle(view: string, stream: string, gate: Gate, { isNew = false } = {}): Promise<void> {
      if (gate.isAlone || settled.has(gate.writeId)) return;
      if (gate.staged > 0) await settleStaged(view, stream, gate);
      else if (gate.entries.length > 0) {
        const missing = isNew ? gate.entries : await missingInRows(view, stream, gate);
        await writeRows(view, stream, gate.version, missing);
      }
      if (settled.size >= settledMax) settled.clear();
      settled.add(gate.writeId);
    },

    /** Rows with a key within [from, to], a page at a time. Those that were removed are among them. */
    async *rows(
      view: string,
      stream: string,
      { from = "i", to = "j", isForwards = true, limit }: RowRange = {},
    ): AsyncGenerator<Entry[], void> {
      const query: QueryCommandInput = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":pk": gateKey(view, stream)["pk"] ?? { S: "" },
          ":from": { S: from },
          ":to": { S: to },
        },
        ScanIndexForward: isForwards,
      };
      const pages = paginateQuery({ client, ...(limit !== undefined && { pageSize: limit }) }, query);
      for await (const { Items = [] } of pages) yield Items.map(entryFromRow);
    },
  };
};

type RowRange = { from?: string; to?: string; isForwards?: boolean; limit?: number };

const sizeOf = (entries: readonly Entry[]): number =>
  entries.reduce((total, entry) => total + entrySize(entry), 0);

const entrySize = ({ key, subject, body, place }: Entry): number =>
  60 +
  Buffer.byteLength(key + subject + (place?.inList ?? "")) +
  (body?.byteLength ?? 0) +
  (place?.place.byteLength ?? 0);

const bySize = (entries: readonly Entry[]): Entry[][] => {
  const parts: Entry[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    size += entrySize(entry);
    if (size > entryBytesMax) {
      parts.push([]);
      size = entrySize(entry);
    }
    parts.at(-1)?.push(entry);
  }
  return parts;
};
