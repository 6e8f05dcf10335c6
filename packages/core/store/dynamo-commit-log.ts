import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { commitFromItem, commitItem } from "./commit-item.ts";
import { checkCommit, type Commit, type CommitLog } from "./commit-log.ts";
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

  async scan({ segment, segments, after, limit }) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: table,
        Segment: segment,
        TotalSegments: segments,
        ConsistentRead: true,
        Limit: limit,
        ExclusiveStartKey: after === undefined ? undefined : keyOf(Position.parse(JSON.parse(after))),
      }),
    );
    const next = LastEvaluatedKey && [LastEvaluatedKey["pk"]?.S, Number(LastEvaluatedKey["sk"]?.N)];
    return { commits: Items.map(commitFromItem), ...(next && { next: JSON.stringify(next) }) };
  },

  async size() {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return Table?.ItemCount ?? 0;
  },
});

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
