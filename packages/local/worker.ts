/** Lambda and its SQS trigger at home: takes batches from a queue and hands them to the subscriber's handler. */
import type { SQSEvent, SQSRecord } from "aws-lambda";
import type { QueueMessage, Queues } from "#core/store/queues.ts";
import type { Subscription } from "#core/subscriptions.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import { loop, type Loop } from "./loop.ts";

export type WorkerDeps = {
  queues: Queues;
  handler: QueueHandler;
  subscription: Subscription;
  random: () => number;
  failed: (error: unknown) => void;
  /** Told when a message goes to the queue's dead letters. */
  buried: (queue: string) => void;
};

/** A failed message waits about twice as long each time, up to half a minute. */
export const backoffMs = (receives: number, random: () => number): number =>
  Math.round(Math.min(30_000, 250 * 2 ** receives) * (0.5 + random() / 2));

/** Works on up to `concurrency` batches at a time. */
export const worker = (deps: WorkerDeps): Loop => {
  const { name, batchSize, concurrency, visibilityTimeoutSec } = deps.subscription;
  const underWay = new Set<Promise<void>>();

  const taking = loop(
    200,
    async () => {
      if (underWay.size >= concurrency) {
        await Promise.race(underWay);
        return true;
      }
      const messages = await deps.queues.receive(name, {
        max: batchSize,
        visibilityMs: visibilityTimeoutSec * 1_000,
      });
      if (messages.length === 0) return false;
      const batch = invoke(deps, messages).catch(deps.failed);
      underWay.add(batch);
      void batch.finally(() => underWay.delete(batch));
      return true;
    },
    deps.failed,
  );

  return {
    wake: taking.wake,
    async stop() {
      await taking.stop();
      await Promise.all(underWay);
    },
  };
};

const invoke = async (deps: WorkerDeps, taken: readonly QueueMessage[]): Promise<void> => {
  const { queues, subscription, handler, random } = deps;
  const { name, receivesMax } = subscription;
  // one that ended the process on its last receive has no more of them
  const [spent, messages] = partition(taken, ({ receives }) => receives > receivesMax);
  for (const { id } of spent) await bury(deps, id, receivesMax);
  const { batchItemFailures } = await handler(sqsEvent(name, messages));
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const [again, done] = partition(messages, ({ id }) => failed.has(id));
  await queues.remove(
    name,
    done.map(({ id }) => id),
  );
  for (const { id, receives } of again) {
    if (receives >= receivesMax) await bury(deps, id, receives);
    else await queues.release(name, id, backoffMs(receives, random));
  }
};

const bury = async (
  { queues, subscription, buried }: WorkerDeps,
  id: string,
  receives: number,
): Promise<void> => {
  await queues.bury(subscription.name, id, `failed ${receives} times`);
  buried(subscription.name);
};

const partition = <Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] => [
  items.filter(test),
  items.filter((item) => !test(item)),
];

/** As Lambda would hand these messages over. */
export const sqsEvent = (queue: string, messages: readonly QueueMessage[]): SQSEvent => ({
  Records: messages.map(({ id, body, receives, sentAt }): SQSRecord => ({
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(Date.parse(sentAt)),
      SenderId: "hilo",
      ApproximateFirstReceiveTimestamp: String(Date.parse(sentAt)),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: "local",
  })),
});
