import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { _Record as StreamRecord, DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import * as z from "zod";
import { commitFromItem } from "./commit-item.ts";
import type { Commit, CommitLog } from "./commit-log.ts";
import { listShards, shardReader, type ShardInfo, type ShardReader } from "./dynamo-shards.ts";

export type DynamoFeedOptions = { client: DynamoDBClient; streams: DynamoDBStreamsClient; table: string };

/** How far each shard is read: its last sequence number, null at its end; one not begun is absent. */
const Checkpoint = z.object({ streamArn: z.string(), shards: z.record(z.string(), z.string().nullable()) });

/**
 * The feed of `dynamoCommitLog`, from DynamoDB Streams: for one machine and for tools, since in the cloud a
 * Lambda is handed the stream. All of a commit stream's records are in one line of shards, so parents are read
 * to their end before their children. Commits older than 24 hours are not in it; a stream that was switched off
 * and on again has another ARN and is read from its beginning.
 */
export const dynamoFeed = ({ client, streams, table }: DynamoFeedOptions): CommitLog["feed"] => {
  let reader: { streamArn: string; read: ShardReader } | undefined;
  let turn = 0;

  return async (checkpoint, limit) => {
    const streamArn = await streamOf(client, table);
    if (reader?.streamArn !== streamArn) reader = { streamArn, read: shardReader(streams, streamArn) };
    const shards = await listShards(streams, streamArn);
    const known = checkpoint === undefined ? undefined : Checkpoint.parse(JSON.parse(checkpoint));
    const start = known?.streamArn === streamArn ? known.shards : {};
    // A busy shard may fill every page: each call begins with another.
    const order = rotate(shards, turn++);
    const { commits, positions } = await walk(order, start, reader.read, limit);
    return { commits, checkpoint: JSON.stringify({ streamArn, shards: positions }) };
  };
};

type Positions = Record<string, string | null>;

/** Reads each shard that may be read, once, until there are `limit` commits. Positions of shards that are gone are dropped. */
const walk = async (shards: readonly ShardInfo[], start: Positions, read: ShardReader, limit: number) => {
  const ids = new Set(shards.map(({ id }) => id));
  const positions: Positions = Object.fromEntries(Object.entries(start).filter(([id]) => ids.has(id)));
  const waiting = new Set(shards.filter(({ id }) => positions[id] !== null));
  const isFree = ({ parent }: ShardInfo) =>
    parent === undefined || !ids.has(parent) || positions[parent] === null;
  const commits: Commit[] = [];
  for (;;) {
    const shard = [...waiting].find(isFree);
    if (!shard || commits.length >= limit) return { commits, positions };
    waiting.delete(shard);
    const { records, position } = await read(shard, positions[shard.id], limit - commits.length);
    commits.push(...records.flatMap(commitOf));
    if (position !== undefined) positions[shard.id] = position;
  }
};

/** Commits are only ever inserted. */
const commitOf = ({ eventName, dynamodb }: StreamRecord): Commit[] =>
  eventName === "INSERT" ? [commitFromItem(dynamodb?.NewImage ?? {})] : [];

const rotate = <Item>(items: readonly Item[], by: number): Item[] => {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
};

const streamOf = async (client: DynamoDBClient, table: string): Promise<string> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  if (Table?.LatestStreamArn === undefined) throw new Error(`the table ${table} has no stream`);
  return Table.LatestStreamArn;
};
