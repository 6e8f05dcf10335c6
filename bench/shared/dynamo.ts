/** The same server for everybody, and what is made on it. */
import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { commitItem } from "../../packages/core/store/commit-item.ts";
import type { Commit } from "../../packages/core/store/commit-log.ts";
import { dynamoClient } from "../../packages/core/store/dynamo-client.ts";
import { dynamoCommitLog } from "../../packages/core/store/dynamo-commit-log.ts";
import { commitTables, createTables } from "../../packages/core/store/dynamo-tables.ts";
import { localServer } from "../../packages/core/testing/dynamo-commit-log.ts";

/** As Hilo's compositions make it. */
export const hiloClient = (endpoint: string): DynamoDBClient => dynamoClient(localServer(endpoint));

/** The SDK's, as its documentation and the peers' have it. */
export const newClient = (endpoint: string): DynamoDBClient => new DynamoDBClient(localServer(endpoint));

/** Hilo's log on tables named after the round. */
export const newLog = async (client: DynamoDBClient, name: string) => {
  const tables = { table: name, snapshotsTable: `${name}-snapshots` };
  await createTables(client, commitTables(tables));
  return dynamoCommitLog({ client, ...tables });
};

/** How many items a table holds, read whole. */
export const countItems = async (client: DynamoDBClient, table: string): Promise<number> => {
  let count = 0;
  for await (const { Count = 0 } of paginateScan(
    { client },
    { TableName: table, ConsistentRead: true, Select: "COUNT" },
  ))
    count += Count;
  return count;
};

const itemsPerBatch = 25;
const batchesAtOnce = 4;

/** Puts many commits in without asking whether they are there: a table's history, made quickly. */
export const writeCommits = async (
  client: DynamoDBClient,
  table: string,
  commits: readonly (() => Promise<Commit>)[],
): Promise<void> => {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < commits.length) {
      const batch = commits.slice(next, (next += itemsPerBatch));
      const made = await Promise.all(batch.map((make) => make()));
      const puts = made.map((commit) => ({ PutRequest: { Item: commitItem(commit) } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, work));
};
