import type { SQSEvent } from "aws-lambda";
import { afterEach, describe, expect, it } from "vitest";
import type { Queues } from "#core/store/queues.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { sqliteQueues } from "#core/store/sqlite-queues.ts";
import type { Subscription } from "#core/subscriptions.ts";
import { fakeTime, pass } from "#core/testing/fake-time.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import type { Loop } from "./loop.ts";
import { backoffMs, worker } from "./worker.ts";

fakeTime();

const subscription: Subscription = {
  name: "work",
  folder: "commands",
  pattern: {},
  batchSize: 3,
  concurrency: 2,
  visibilityTimeoutSec: 60,
  receivesMax: 3,
};

/** A handler that keeps the batches it got, and answers with whatever `fails` says of a body. */
const handlerFailing = (fails: (body: string) => boolean = () => false) => {
  const batches: string[][] = [];
  const handler: QueueHandler = async ({ Records }) => {
    batches.push(Records.map(({ body }) => body));
    const failed = Records.filter(({ body }) => fails(body));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  return { batches, handler };
};

const running: Loop[] = [];
afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));

/** A queue with these messages, and a worker on it. */
const start = async (bodies: string[], handler: QueueHandler, change: Partial<Subscription> = {}) => {
  const queues = sqliteQueues(openSqlite(":memory:", { durability: "normal" }), Date.now);
  const failures: unknown[] = [];
  const send = (...more: string[]) => queues.send(more.map((body) => ({ queue: "work", body })));
  await send(...bodies);
  const one = worker({
    queues,
    handler,
    subscription: { ...subscription, ...change },
    random: () => 0,
    failed: (error) => failures.push(error),
    buried: () => {},
  });
  running.push(one);
  await pass(0);
  return { queues, one, failures, send };
};

const depthOf = async (queues: Queues) => (await queues.depths())["work"];

describe("a failed message waits", () => {
  it.each([
    [1, 250, 500],
    [2, 500, 1_000],
    [6, 8_000, 16_000],
    [7, 15_000, 30_000],
    [8, 15_000, 30_000],
    [1_000, 15_000, 30_000],
  ])("after %d receives between %d and %d ms, as chance has it", (receives, least, most) => {
    expect(backoffMs(receives, () => 0)).toBe(least);
    expect(backoffMs(receives, () => 1)).toBe(most);
  });
});

describe("a worker", () => {
  it("hands over batches as SQS does, and is done with what does not fail", async () => {
    const events: SQSEvent[] = [];
    const { queues } = await start(["a"], async (event) => {
      events.push(event);
      return { batchItemFailures: [] };
    });
    expect(events).toMatchObject([
      {
        Records: [
          {
            body: "a",
            attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(Date.now()) },
            eventSource: "aws:sqs",
            eventSourceARN: "arn:aws:sqs:local:000000000000:work",
          },
        ],
      },
    ]);
    expect(await depthOf(queues)).toBeUndefined();
  });

  it.each([
    [3, 1],
    [4, 2],
    [7, 3],
  ])("hands over %d messages in %d batches of at most 3", async (messages, batches) => {
    const bodies = Array.from({ length: messages }, (_, index) => String(index));
    const told = handlerFailing();
    await start(bodies, told.handler);
    expect(told.batches).toHaveLength(batches);
    expect(told.batches.flat()).toEqual(bodies);
  });

  it("takes what comes when it is woken, and else within 200 ms", async () => {
    const told = handlerFailing();
    const { send, one } = await start([], told.handler);
    await send("a");
    one.wake();
    await pass(0);
    expect(told.batches).toEqual([["a"]]);
    await send("b");
    await pass(199);
    expect(told.batches).toEqual([["a"]]);
    await pass(1);
    expect(told.batches).toEqual([["a"], ["b"]]);
  });

  it("works on no more batches at once than it may", async () => {
    const ends: (() => void)[] = [];
    let begun = 0;
    const handler: QueueHandler = async () => {
      begun++;
      await new Promise<void>((resolve) => ends.push(resolve));
      return { batchItemFailures: [] };
    };
    const { queues } = await start(["a", "b", "c"], handler, { batchSize: 1, concurrency: 2 });
    await pass(1_000);
    expect(begun).toBe(2);
    expect(await depthOf(queues)).toMatchObject({ inFlight: 2, visible: 1 });
    ends.shift()?.();
    await pass(0);
    expect(begun).toBe(3);
    for (const end of ends) end();
  });

  it("takes only from the queue of its subscription", async () => {
    const told = handlerFailing();
    const { queues } = await start([], told.handler);
    await queues.send([{ queue: "other", body: "x" }]);
    await pass(1_000);
    expect(told.batches).toEqual([]);
  });
});

describe("messages that fail", () => {
  it("come again after a while, alone; their neighbours are done", async () => {
    let healthy = false;
    const told = handlerFailing((body) => body === "b" && !healthy);
    const { queues } = await start(["a", "b", "c"], told.handler);
    expect(await depthOf(queues)).toMatchObject({ delayed: 1, visible: 0, inFlight: 0 });
    healthy = true;
    await pass(600);
    expect(told.batches).toEqual([["a", "b", "c"], ["b"]]);
    expect(await depthOf(queues)).toBeUndefined();
  });

  it("wait longer each time", async () => {
    const at: number[] = [];
    const begin = Date.now();
    const handler: QueueHandler = async ({ Records }) => {
      at.push(Date.now() - begin);
      return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    const { one } = await start(["a"], handler, { receivesMax: 5 });
    for (let ms = 0; ms < 5_000; ms += 10) {
      one.wake();
      await pass(10);
    }
    expect(at).toEqual([0, 250, 750, 1_750, 3_750]);
  });

  it("are dead letters after as many receives as they may have, and not before", async () => {
    const told = handlerFailing(() => true);
    const { queues } = await start(["a"], told.handler);
    await pass(600);
    expect(await depthOf(queues)).toMatchObject({ delayed: 1, dead: 0 });
    await pass(60_000);
    expect(told.batches).toHaveLength(3);
    expect(await queues.deadLetters("work", 10)).toMatchObject([{ body: "a", reason: "failed 3 times" }]);
  });

  it("all at once, because the handler throws, stay hidden until their time is up, and are told of", async () => {
    const error = new Error("no");
    let times = 0;
    const { queues, failures } = await start(["a", "b"], async () => {
      if (++times === 1) throw error;
      return { batchItemFailures: [] };
    });
    expect(failures).toEqual([error]);
    expect(await depthOf(queues)).toMatchObject({ inFlight: 2 });
    await pass(59_999);
    expect(times).toBe(1);
    await pass(201);
    expect(times).toBe(2);
    expect(await depthOf(queues)).toBeUndefined();
  });
});

describe("stopping", () => {
  it("waits for the batches under way and settles them, and takes no more", async () => {
    const end = Promise.withResolvers<void>();
    const told: string[] = [];
    const { queues, one, send } = await start(
      ["a", "b"],
      async ({ Records: [first] }) => {
        told.push(first?.body ?? "");
        await end.promise;
        return { batchItemFailures: first?.body === "b" ? [{ itemIdentifier: first.messageId }] : [] };
      },
      { batchSize: 1 },
    );
    expect(told).toEqual(["a", "b"]);
    let stopped = false;
    const stop = one.stop().then(() => (stopped = true));
    await send("c");
    await pass(1_000);
    expect(stopped).toBe(false);
    end.resolve();
    await stop;
    expect(told).toEqual(["a", "b"]);
    expect(await depthOf(queues)).toMatchObject({ visible: 1, delayed: 1, inFlight: 0 });
  });

  it("waits for a batch also when there is room for more", async () => {
    const end = Promise.withResolvers<void>();
    const { queues, one } = await start(["a"], async () => {
      await end.promise;
      return { batchItemFailures: [] };
    });
    let stopped = false;
    const stop = one.stop().then(() => (stopped = true));
    await pass(1_000);
    expect(stopped).toBe(false);
    end.resolve();
    await stop;
    expect(await depthOf(queues)).toBeUndefined();
  });
});
