import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
  type _Record as StreamRecord,
  type DynamoDBStreamsClient,
  type GetRecordsCommandOutput,
} from "@aws-sdk/client-dynamodb-streams";

export type ShardInfo = { id: string; parent: string | undefined; isClosed: boolean };

/** Where a shard has been read to: a sequence number, null at its end, undefined before its first record. */
export type ShardPosition = string | null | undefined;

/** GetRecords answers no more (its API reference). */
const recordsMax = 1_000;

/** Every shard that the stream still has, of the last 24 hours. */
export const listShards = async (streams: DynamoDBStreamsClient, streamArn: string): Promise<ShardInfo[]> => {
  const shards: ShardInfo[] = [];
  let after: string | undefined;
  do {
    const describe = new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after });
    const { Shards = [], LastEvaluatedShardId } = (await streams.send(describe)).StreamDescription ?? {};
    for (const { ShardId: id, ParentShardId: parent, SequenceNumberRange } of Shards) {
      if (id) shards.push({ id, parent, isClosed: SequenceNumberRange?.EndingSequenceNumber !== undefined });
    }
    after = LastEvaluatedShardId;
  } while (after !== undefined);
  return shards;
};

export type ShardReader = (
  shard: ShardInfo,
  position: ShardPosition,
  limit: number,
) => Promise<{ records: StreamRecord[]; position: ShardPosition }>;

/**
 * Reads a shard from a position. Iterators are kept between calls: they save a request, and get past stretches
 * of a shard that answer nothing, which starting again from the last sequence number would not.
 */
export const shardReader = (streams: DynamoDBStreamsClient, streamArn: string): ShardReader => {
  const kept = new Map<string, { position: ShardPosition; iterator: string }>();

  const iteratorFrom = async (shard: ShardInfo, position: ShardPosition): Promise<string | undefined> => {
    const where = position
      ? ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position } as const)
      : ({ ShardIteratorType: "TRIM_HORIZON" } as const);
    const get = new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shard.id, ...where });
    return (await streams.send(get)).ShardIterator;
  };

  /** The next records. An iterator expires after 15 minutes, what a position points to is gone after 24 hours. */
  const recordsAt = async (
    shard: ShardInfo,
    position: ShardPosition,
    limit: number,
  ): Promise<GetRecordsCommandOutput> => {
    const there = kept.get(shard.id);
    const known = there?.position === position ? there?.iterator : undefined;
    try {
      const iterator = known ?? (await iteratorFrom(shard, position));
      return await streams.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, recordsMax) }),
      );
    } catch (error) {
      const isTrimmed = error instanceof TrimmedDataAccessException;
      if (known !== undefined && (isTrimmed || error instanceof ExpiredIteratorException)) {
        kept.delete(shard.id);
        return recordsAt(shard, position, limit);
      }
      if (isTrimmed && position) return recordsAt(shard, undefined, limit);
      throw error;
    }
  };

  return async (shard, from, limit) => {
    const records: StreamRecord[] = [];
    let position = from;
    for (;;) {
      const page = await recordsAt(shard, position, limit - records.length);
      const found = page.Records ?? [];
      records.push(...found);
      position = found.at(-1)?.dynamodb?.SequenceNumber ?? position;
      if (page.NextShardIterator === undefined) {
        kept.delete(shard.id);
        return { records, position: null };
      }
      kept.set(shard.id, { position, iterator: page.NextShardIterator });
      if (records.length >= limit || (found.length === 0 && !shard.isClosed)) return { records, position };
    }
  };
};
