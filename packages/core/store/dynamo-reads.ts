import {
  paginateQuery,
  QueryCommand,
  type DynamoDBClient,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { commitFromItem } from "./commit-item.ts";
import { lastVersion, type Commit, type CommitLog } from "./commit-log.ts";

/** Reading one stream of the table of commits. */
export const dynamoReads = (client: DynamoDBClient, table: string): Pick<CommitLog, "read" | "head"> => {
  const pagesBetween = async function* (
    stream: string,
    from: number,
    to: number,
    { pageSize, ...order }: { pageSize?: number; ScanIndexForward: boolean },
  ): AsyncGenerator<[Commit, ...Commit[]]> {
    const query = { ...between(table, stream, from, to), ...order };
    for await (const { Items = [] } of paginateQuery({ client, ...(pageSize && { pageSize }) }, query)) {
      const [first, ...rest] = Items.map(commitFromItem);
      if (first) yield [first, ...rest];
    }
  };

  const newestUpTo = async (stream: string, version: number): Promise<Commit | undefined> => {
    const query = { ...between(table, stream, 1, version), ScanIndexForward: false, Limit: 1 };
    const { Items = [] } = await client.send(new QueryCommand(query));
    return Items.map(commitFromItem)[0];
  };

  const containing = async function* (stream: string, version: number): AsyncGenerator<Commit[]> {
    const commit = version > 1 ? await newestUpTo(stream, version) : undefined;
    if (commit && lastVersion(commit) >= version) yield [commit];
  };

  return {
    /**
     * Items are keyed by a commit's first version, so the commit that contains `from` may lie before it. One
     * more request looks for it, unless a commit begins there.
     */
    async *read(
      stream,
      { from = 1, isBoundary = false, to = Infinity, direction = "forwards", pageSize } = {},
    ) {
      if (from > to) return;
      const order = {
        ScanIndexForward: direction === "forwards",
        ...(pageSize !== undefined && { pageSize }),
      };
      const pages = pagesBetween(stream, from, to, order);
      if (direction === "backwards") {
        let oldest: Commit | undefined;
        for await (const page of pages) {
          oldest = page.at(-1);
          yield page;
        }
        if (!isBoundary && oldest?.version !== from) yield* containing(stream, from);
        return;
      }
      const first = await pages.next();
      if (!isBoundary && (first.done || first.value[0].version !== from)) yield* containing(stream, from);
      if (!first.done) yield first.value;
      yield* pages;
    },

    async head(stream) {
      const newest = await newestUpTo(stream, Infinity);
      return newest ? lastVersion(newest) : 0;
    },
  };
};

const between = (table: string, stream: string, from: number, to: number): QueryCommandInput => ({
  TableName: table,
  ConsistentRead: true,
  KeyConditionExpression: "pk = :stream AND sk BETWEEN :from AND :to",
  ExpressionAttributeValues: {
    ":stream": { S: stream },
    ":from": { N: String(from) },
    ":to": { N: String(Math.min(to, Number.MAX_SAFE_INTEGER)) },
  },
});
