import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { aCommit } from "../testing/commits.ts";
import { fakeStreams, type FakeShard } from "../testing/fake-streams.ts";
import { dynamoFeed } from "./dynamo-feed.ts";

/** A feed of these shards, which a test may change. */
const feedOf = (shards: FakeShard[], table: { LatestStreamArn?: string } = { LatestStreamArn: "arn-1" }) => {
  const fake = fakeStreams(shards);
  const client = { send: async () => ({ Table: table }) } as unknown as DynamoDBClient;
  const feed = dynamoFeed({ client, streams: fake.client, table: "events" });
  const read = async (checkpoint?: string, limit = 100) => {
    const page = await feed(checkpoint, limit);
    return { ids: page.commits.map(({ commitId }) => commitId), checkpoint: page.checkpoint };
  };
  return { ...fake, read };
};

const commits = (stream: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => aCommit(stream, from + index));

test("a child is read after its parent's end, whatever order they are listed in", async () => {
  const { read } = feedOf([
    { id: "grandchild", parent: "child", entries: commits("a", 5, 6) },
    { id: "child", parent: "parent", isClosed: true, entries: commits("a", 3, 4) },
    { id: "parent", parent: "long gone", isClosed: true, entries: commits("a", 1, 2) },
  ]);
  expect((await read()).ids).toEqual(["a@1", "a@2", "a@3", "a@4", "a@5", "a@6"]);
});

test("a child waits while its parent is still open", async () => {
  const parent: FakeShard = { id: "parent", entries: commits("a", 1, 1) };
  const { read } = feedOf([{ id: "child", parent: "parent", entries: commits("a", 3, 3) }, parent]);
  const first = await read();
  expect(first.ids).toEqual(["a@1"]);
  parent.entries.push(aCommit("a", 2));
  parent.isClosed = true;
  expect((await read(first.checkpoint)).ids).toEqual(["a@2", "a@3"]);
});

test("a page ends at the limit and the next goes on there, from a fresh feed too", async () => {
  const shards = [
    { id: "parent", isClosed: true, entries: commits("a", 1, 3) },
    { id: "child", parent: "parent", entries: commits("a", 4, 5) },
  ];
  const ids: string[][] = [];
  let checkpoint: string | undefined;
  for (let page = 0; page < 4; page++) {
    const next = await feedOf(shards).read(checkpoint, 2);
    ids.push(next.ids);
    checkpoint = next.checkpoint;
  }
  expect(ids).toEqual([["a@1", "a@2"], ["a@3", "a@4"], ["a@5"], []]);
});

test("a page keeps to the limit where it takes several requests to fill", async () => {
  const entries = [...commits("a", 1, 2), "nothing" as const, ...commits("a", 3, 6)];
  const { ids } = await feedOf([{ id: "closed", isClosed: true, entries }]).read(undefined, 3);
  expect(ids).toEqual(["a@1", "a@2", "a@3"]);
});

test("a shard that fills every page does not keep the others waiting", async () => {
  const { read } = feedOf([
    { id: "busy", entries: commits("busy", 1, 50) },
    { id: "quiet", entries: commits("quiet", 1, 1) },
  ]);
  const first = await read(undefined, 5);
  const second = await read(first.checkpoint, 5);
  expect([...first.ids, ...second.ids]).toContain("quiet@1");
});

test("stretches that answer nothing are got past: at once in a closed shard, call by call in an open one", async () => {
  const open = feedOf([{ id: "open", entries: [aCommit("a", 1), "nothing", "nothing", aCommit("a", 2)] }]);
  const ids: string[] = [];
  let { checkpoint } = await open.read(undefined, 1);
  for (let call = 0; call < 3; call++) {
    const page = await open.read(checkpoint);
    ids.push(...page.ids);
    ({ checkpoint } = page);
  }
  expect(ids).toEqual(["a@2"]);
  const closed = feedOf([{ id: "closed", isClosed: true, entries: ["nothing", "nothing", aCommit("a", 1)] }]);
  expect((await closed.read()).ids).toEqual(["a@1"]);
});

test("an iterator is used again, and made anew when it has expired", async () => {
  const shard = { id: "s", entries: commits("a", 1, 1) };
  const { read, requests, expire } = feedOf([shard]);
  const first = await read();
  shard.entries.push(aCommit("a", 2));
  const second = await read(first.checkpoint);
  expect(second.ids).toEqual(["a@2"]);
  expect(requests.filter((each) => !each.startsWith("GetRecords"))).toEqual(["TRIM_HORIZON s"]);
  expire("s:2");
  shard.entries.push(aCommit("a", 3));
  expect((await read(second.checkpoint)).ids).toEqual(["a@3"]);
  expect(requests.filter((each) => !each.startsWith("GetRecords"))).toEqual([
    "TRIM_HORIZON s",
    "AFTER_SEQUENCE_NUMBER s",
  ]);
});

test("two readers with checkpoints of their own do not disturb each other", async () => {
  const shard = { id: "s", entries: commits("a", 1, 6) };
  const { read } = feedOf([shard]);
  const early = await read(undefined, 2);
  const late = await read(early.checkpoint, 3);
  expect((await read(early.checkpoint, 2)).ids).toEqual(["a@3", "a@4"]);
  expect((await read(late.checkpoint, 9)).ids).toEqual(["a@6"]);
  expect((await read(undefined, 9)).ids).toHaveLength(6);
});

test("what is older than 24 hours is skipped: a position, and a whole parent", async () => {
  const shard: FakeShard = { id: "s", parent: "parent", entries: commits("a", 2, 6) };
  const shards: FakeShard[] = [{ id: "parent", isClosed: true, entries: commits("a", 1, 1) }, shard];
  const before = await feedOf(shards).read(undefined, 2);
  expect(before.ids).toEqual(["a@1", "a@2"]);
  shards.shift();
  shard.trimmed = 3;
  const { read, expire } = feedOf(shards);
  expect((await read(before.checkpoint, 1)).ids).toEqual(["a@5"]);
  const after = await read(before.checkpoint);
  expect(after.ids).toEqual(["a@5", "a@6"]);
  expect(JSON.parse(after.checkpoint)).toEqual({ streamArn: "arn-1", shards: { s: "4" } });
  expire("s:5");
  expect((await read(after.checkpoint)).ids).toEqual([]);
});

test("a stream that was switched off and on is read from its beginning", async () => {
  const table = { LatestStreamArn: "arn-1" };
  const { read } = feedOf([{ id: "s", entries: commits("a", 1, 2) }], table);
  const { checkpoint } = await read();
  expect((await read(checkpoint)).ids).toEqual([]);
  table.LatestStreamArn = "arn-2";
  expect((await read(checkpoint)).ids).toEqual(["a@1", "a@2"]);
});

test("a table without a stream is an error", async () => {
  await expect(feedOf([], {}).read()).rejects.toThrow("the table events has no stream");
});
