import type { DynamoDBStreamEvent } from "aws-lambda";
import { afterEach, describe, expect, it, vi } from "vitest";
import { commitFromItem } from "#core/store/commit-item.ts";
import type { Commit } from "#core/store/commit-log.ts";
import { memoryCommitLog } from "#core/store/memory-commit-log.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { sqliteQueues } from "#core/store/sqlite-queues.ts";
import { aCommit } from "#core/testing/commits.ts";
import { fakeTime, pass } from "#core/testing/fake-time.ts";
import type { StreamHandler } from "#functions/commands/publish-events.ts";
import type { Loop } from "./loop.ts";
import { publisher } from "./publisher.ts";

fakeTime();

const running: Loop[] = [];
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));

const commitsIn = ({ Records }: DynamoDBStreamEvent): Commit[] =>
  Records.map(({ dynamodb }) => commitFromItem(dynamodb?.NewImage ?? {}));

const setting = () => {
  const log = memoryCommitLog();
  const queues = sqliteQueues(openSqlite(":memory:", { durability: "normal" }), Date.now);
  const told = { batches: [] as string[][], published: [] as string[], failures: [] as unknown[] };
  /** What becomes of the next batches; all is well after. */
  const next: (() => ReturnType<StreamHandler>)[] = [];
  const start = async (): Promise<Loop> => {
    const one = publisher({
      log,
      queues,
      async handler(event) {
        told.batches.push(commitsIn(event).map(({ commitId }) => commitId));
        return (await next.shift()?.()) ?? { batchItemFailures: [] };
      },
      published: (stream) => told.published.push(stream),
      failed: (error) => told.failures.push(error),
    });
    running.push(one);
    await pass(0);
    return one;
  };
  return { log, queues, told, next, start, checkpoint: () => queues.checkpoint("published") };
};

const idsOf = (stream: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${stream}@${from + index}`);

describe("the publisher", () => {
  it("hands over every commit once, in order, as the stream of a table would", async () => {
    const { log, told, start } = setting();
    const commit = aCommit("a", 1, { causationId: "cause" });
    await log.append(commit);
    const records: DynamoDBStreamEvent[] = [];
    running.push(
      publisher({
        log,
        queues: sqliteQueues(openSqlite(":memory:", { durability: "normal" }), Date.now),
        handler: async (event) => (records.push(event), { batchItemFailures: [] }),
        published: () => {},
        failed: () => {},
      }),
    );
    await pass(0);
    expect(records.flatMap(commitsIn)).toEqual([commit]);
    expect(records[0]?.Records).toMatchObject([
      { eventName: "INSERT", dynamodb: { SequenceNumber: "a@1", StreamViewType: "NEW_IMAGE" } },
    ]);
    await log.append(aCommit("a", 2));
    await log.append(aCommit("b", 1));
    await start();
    expect(told.batches).toEqual([["a@1", "a@2", "b@1"]]);
  });

  it("hands over 100 commits at a time, and goes on at once", async () => {
    const { log, told, start } = setting();
    for (let version = 1; version <= 201; version++) await log.append(aCommit("a", version));
    await start();
    expect(told.batches).toEqual([idsOf("a", 1, 100), idsOf("a", 101, 200), ["a@201"]]);
  });

  it("looks when it is woken, and every 250 ms for what others append", async () => {
    const { log, told, start } = setting();
    const one = await start();
    await log.append(aCommit("a", 1));
    one.wake();
    await pass(0);
    expect(told.batches).toEqual([["a@1"]]);
    await log.append(aCommit("a", 2));
    await pass(249);
    expect(told.batches).toHaveLength(1);
    await pass(1);
    expect(told.batches).toEqual([["a@1"], ["a@2"]]);
  });

  it("tells of each stream once per batch, after it is published and the checkpoint is kept", async () => {
    const { log, told, next, start, checkpoint } = setting();
    for (const commit of [aCommit("a", 1), aCommit("b", 1), aCommit("a", 2)]) await log.append(commit);
    next.push(async () => {
      expect([told.published, await checkpoint()]).toEqual([[], undefined]);
      return { batchItemFailures: [] };
    });
    await start();
    expect(told.published).toEqual(["a", "b"]);
    expect(told.failures).toEqual([]);
    expect(await checkpoint()).toBe((await log.feed(undefined, 10)).checkpoint);
  });

  it("goes on after a restart with what follows the checkpoint", async () => {
    const { log, told, start } = setting();
    await log.append(aCommit("a", 1));
    await (await start()).stop();
    await log.append(aCommit("a", 2));
    await start();
    expect(told.batches).toEqual([["a@1"], ["a@2"]]);
  });
});

describe("what is not published", () => {
  it.each<[string, () => ReturnType<StreamHandler>, string]>([
    [
      "in part",
      async () => ({ batchItemFailures: [{ itemIdentifier: "a@2" }] }),
      "1 commits were not published",
    ],
    ["at all", () => Promise.reject(new Error("unreachable")), "unreachable"],
  ])("%s comes again whole, after a while, and is told of", async (_, fail, problem) => {
    const { log, told, next, start, checkpoint } = setting();
    await log.append(aCommit("a", 1));
    await log.append(aCommit("a", 2));
    next.push(fail, fail);
    await start();
    expect(await checkpoint()).toBeUndefined();
    await pass(249);
    expect(told.batches).toHaveLength(1);
    await pass(251);
    expect(told.batches).toEqual([idsOf("a", 1, 2), idsOf("a", 1, 2), idsOf("a", 1, 2)]);
    expect(told.failures).toMatchObject([{ message: problem }, { message: problem }]);
    expect(told.published).toEqual(["a"]);
    expect(await checkpoint()).toBeDefined();
  });

  it("F2: because the checkpoint could not be kept comes again", async () => {
    const { log, queues, told, start } = setting();
    await log.append(aCommit("a", 1));
    const send = vi.spyOn(queues, "send").mockRejectedValueOnce(new Error("disk full"));
    await start();
    await pass(250);
    expect(told.batches).toEqual([["a@1"], ["a@1"]]);
    expect(send).toHaveBeenCalledTimes(2);
    expect(told.published).toEqual(["a"]);
  });
});

it("stopping waits until the batch under way is published, and begins no other", async () => {
  const { log, told, next, start, checkpoint } = setting();
  for (let version = 1; version <= 101; version++) await log.append(aCommit("a", version));
  const end = Promise.withResolvers<void>();
  next.push(async () => {
    await end.promise;
    return { batchItemFailures: [] };
  });
  const one = await start();
  const stop = one.stop();
  end.resolve();
  await stop;
  expect(told.batches).toEqual([idsOf("a", 1, 100)]);
  expect(await checkpoint()).toBe("100");
});
