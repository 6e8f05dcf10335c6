import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type DynamoDBClient,
  type ScanCommandInput,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { commitFromItem, commitItem, outlineFromItem } from "./commit-item.ts";
import { checkCommit, lastVersion, type Commit, type CommitLog, type ScanOptions } from "./commit-log.ts";
import { dynamoReads } from "./dynamo-reads.ts";
import { dynamoSnapshots } from "./dynamo-snapshots.ts";

export type DynamoCommitLogOptions = {
  /** Its own retries cover lost answers: a commit that meets itself was appended. */
  client: DynamoDBClient;
  table: string;
  snapshotsTable: string;
  /** `dynamoFeed`, for whoever follows the feed; a Lambda, which is handed stream records, does not load it. */
  feed?: CommitLog["feed"];
};

/**
 * The log on DynamoDB: one item per commit, keyed by stream and first version (D2). It has tables as
 * `commitTables` describes them. Errors of the service (throttling, 5xx) are thrown as the SDK has them.
 */
export const dynamoCommitLog = ({
  client,
  table,
  snapshotsTable,
  feed,
}: DynamoCommitLogOptions): CommitLog => ({
  ...dynamoSnapshots(client, snapshotsTable),

  async append(commit) {
    checkCommit(commit);
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: commitItem(commit),
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Not every compatible server answers with the item.
      const there = error.Item ?? (await itemAt(client, table, commit));
      return there?.["commitId"]?.S === commit.commitId;
    }
  },

  ...dynamoReads(client, table),

  feed: feed ?? (() => Promise.reject(new Error("this log was opened without its feed"))),

  async scan(options) {
    const { Items, next } = await scanned(client, table, options);
    return { commits: Items.map(commitFromItem), ...next };
  },

  async outline(options) {
    const { Items, next } = await scanned(client, table, options, { ProjectionExpression: "pk, sk, n" });
    return { commits: Items.map(outlineFromItem), ...next };
  },

  async heads(options) {
    const { Items, next } = await scanned(client, table, options, { ProjectionExpression: "pk, sk, n" });
    const outlines = Items.map(outlineFromItem);
    // a stream's commits come together, in order
    const newest = outlines.filter(({ stream }, index) => outlines[index + 1]?.stream !== stream);
    return { heads: newest.map((commit) => ({ stream: commit.stream, head: lastVersion(commit) })), ...next };
  },

  async size() {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return Table?.ItemCount ?? 0;
  },
});

const scanned = async (
  client: DynamoDBClient,
  table: string,
  { segment, segments, after, limit }: ScanOptions,
  projection: Pick<ScanCommandInput, "ProjectionExpression"> = {},
) => {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      Segment: segment,
      TotalSegments: segments,
      ConsistentRead: true,
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : keyOf(Position.parse(JSON.parse(after))),
      ...projection,
    }),
  );
  const end = LastEvaluatedKey && [LastEvaluatedKey["pk"]?.S, Number(LastEvaluatedKey["sk"]?.N)];
  return { Items, next: end && { next: JSON.stringify(end) } };
};

/** Where a scan's page ended. */
const Position = z.tuple([z.string(), z.number()]);

const keyOf = ([stream, version]: z.infer<typeof Position>) => ({
  pk: { S: stream },
  sk: { N: String(version) },
});

const itemAt = async (client: DynamoDBClient, table: string, { stream, version }: Commit) => {
  const get = { TableName: table, Key: keyOf([stream, version]), ConsistentRead: true };
  return (await client.send(new GetItemCommand(get))).Item;
};
