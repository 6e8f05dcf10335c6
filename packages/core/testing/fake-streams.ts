import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { commitItem } from "../store/commit-item.ts";
import type { Commit } from "../store/commit-log.ts";

export type FakeShard = {
  id: string;
  parent?: string;
  isClosed?: boolean;
  /** A commit, or a stretch that answers nothing. Their place is their sequence number. */
  entries: (Commit | "nothing")[];
  /** So many of the oldest are gone. */
  trimmed?: number;
};

/**
 * DynamoDB Streams with any tree of shards, which no local server makes: two shards a page of the description,
 * one stretch a request. An iterator is `shard:place`.
 */
export const fakeStreams = (shards: FakeShard[]) => {
  const requests: string[] = [];
  let expired = new Set<string>();
  const find = (id: string | undefined): FakeShard => {
    const shard = shards.find((each) => each.id === id);
    if (!shard) throw new Error(`no shard ${id}`);
    return shard;
  };

  const describe = (after: string | undefined) => {
    const start = 1 + shards.findIndex(({ id }) => id === after);
    const page = shards.slice(start, start + 2);
    return {
      StreamDescription: {
        Shards: page.map(({ id, parent, isClosed }) => ({
          ShardId: id,
          ParentShardId: parent,
          SequenceNumberRange: {
            StartingSequenceNumber: "0",
            ...(isClosed && { EndingSequenceNumber: "99" }),
          },
        })),
        LastEvaluatedShardId: start + 2 < shards.length ? page.at(-1)?.id : undefined,
      },
    };
  };

  const iterator = (id: string | undefined, sequence: string | undefined) => {
    const { trimmed = 0 } = find(id);
    if (sequence !== undefined && Number(sequence) < trimmed - 1) throw new TrimmedDataAccessException(gone);
    return { ShardIterator: `${id}:${sequence === undefined ? trimmed : Number(sequence) + 1}` };
  };

  const records = (from: string, limit: number) => {
    if (expired.delete(from)) throw new ExpiredIteratorException(gone);
    const [id, start] = from.split(":");
    const { entries, isClosed } = find(id);
    const stretch = entries.slice(Number(start));
    const length =
      stretch[0] === "nothing"
        ? 1
        : Math.min(limit, (stretch.indexOf("nothing") + 1 || stretch.length + 1) - 1);
    const Records = stretch.slice(0, length).flatMap((entry, index) =>
      entry === "nothing"
        ? []
        : [
            {
              eventName: "INSERT" as const,
              dynamodb: { SequenceNumber: String(Number(start) + index), NewImage: commitItem(entry) },
            },
          ],
    );
    const next = Number(start) + length;
    return { Records, NextShardIterator: isClosed && next >= entries.length ? undefined : `${id}:${next}` };
  };

  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof DescribeStreamCommand) return describe(command.input.ExclusiveStartShardId);
    if (command instanceof GetShardIteratorCommand) {
      const { ShardId, SequenceNumber, ShardIteratorType } = command.input;
      requests.push(`${ShardIteratorType} ${ShardId}`);
      return iterator(ShardId, SequenceNumber);
    }
    if (command instanceof GetRecordsCommand) {
      const { ShardIterator = "", Limit = 0 } = command.input;
      requests.push(`GetRecords ${ShardIterator}`);
      return records(ShardIterator, Limit);
    }
    throw new Error("not a request that the feed makes");
  };

  return {
    client: { send } as unknown as DynamoDBStreamsClient,
    requests,
    /** The next use of these iterators fails. */
    expire: (...iterators: string[]) => (expired = new Set(iterators)),
  };
};

const gone = { message: "gone", $metadata: {} };
