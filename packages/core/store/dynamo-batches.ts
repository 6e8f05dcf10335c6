/** DynamoDB's requests for many items, whole: what the service leaves undone is asked for again. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type AttributeValue,
  type DynamoDBClient,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";

export type Item = Record<string, AttributeValue>;

/** Of one request (API reference of BatchGetItem and BatchWriteItem). */
const readsMax = 100;
const writesMax = 25;
const pauseMs = 20;

/** The items that exist, in no order, strongly consistent. The keys must differ. */
export const batchGet = async (
  client: DynamoDBClient,
  table: string,
  keys: readonly Item[],
): Promise<Item[]> => {
  const pages = await Promise.all(
    chunks(keys, readsMax).map(async (chunk) => {
      const found: Item[] = [];
      for (let open = chunk, round = 0; open.length > 0; round++) {
        if (round > 0) await sleep(pauseMs * round);
        const { Responses = {}, UnprocessedKeys = {} } = await client.send(
          new BatchGetItemCommand({ RequestItems: { [table]: { Keys: open, ConsistentRead: true } } }),
        );
        found.push(...(Responses[table] ?? []));
        open = UnprocessedKeys[table]?.Keys ?? [];
      }
      return found;
    }),
  );
  return pages.flat();
};

export const batchDelete = (client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<void> =>
  batchWrite(
    client,
    table,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );

/** Puts without conditions. The keys must differ. */
export const batchPut = (client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> =>
  batchWrite(
    client,
    table,
    items.map((item) => ({ PutRequest: { Item: item } })),
  );

const batchWrite = async (
  client: DynamoDBClient,
  table: string,
  requests: readonly WriteRequest[],
): Promise<void> => {
  for (const chunk of chunks(requests, writesMax)) {
    let open = chunk;
    for (let round = 0; open.length > 0; round++) {
      if (round > 0) await sleep(pauseMs * round);
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: open } }),
      );
      open = UnprocessedItems[table] ?? [];
    }
  }
};

export const chunks = <Value>(values: readonly Value[], size: number): Value[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );

/** Whether a conditional write went through; any other error is thrown. */
export const whetherDone = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
