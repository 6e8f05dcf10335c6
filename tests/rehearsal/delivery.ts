/** From the store's change stream over the bus into queues, and from queues to handlers: AWS, as it warns it may be. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse } from "aws-lambda";
import type { EventBus } from "#core/clients/event-bus.ts";
import { commitImage } from "#core/store/commit-item.ts";
import type { Commit } from "#core/store/commit-log.ts";
import type { QueueMessage, Queues } from "#core/store/queues.ts";
import { subscriptions, type Subscription } from "#core/subscriptions.ts";
import { backoffMs, sqsEvent } from "#local/worker.ts";
import { compilePattern } from "#local/event-pattern.ts";
import { hash } from "./chance.ts";
import { startMs, type Sim } from "./kernel.ts";

/** Runs a handler in a container of its own. `done` is told of its answer, `lost` that there will be none. */
export type Invoke = (
  handler: string,
  name: string,
  event: object,
  ends: { done: (result: unknown) => void; lost: () => void },
) => void;

const shards = 2;
const streamKeepsMs = 24 * 3_600_000;
const recordsMax = 10;

/** When a consumer that is dead now comes back, or now. */
const aliveInMs = (sim: Sim, consumer: string): number => {
  const { dead } = sim.plan;
  const sinceMs = sim.nowMs() - startMs;
  if (dead?.consumer !== consumer || sinceMs < dead.fromMs || sinceMs >= dead.untilMs) return 0;
  sim.saw("dead-consumer");
  return dead.untilMs - sinceMs;
};

/** DynamoDB Streams and its Lambda trigger: in order within a shard, at least once, gone after a day. */
export const changeStream = (sim: Sim, invoke: Invoke) => {
  const queues = Array.from({ length: shards }, () => ({
    waiting: [] as { commit: Commit; atMs: number }[],
    busy: false,
    batches: 0,
  }));
  let expired = 0;

  const pump = (shard: number, afterMs: number): void => {
    const queue = queues[shard];
    if (!queue || queue.busy || queue.waiting.length === 0) return;
    queue.busy = true;
    sim.after(afterMs + aliveInMs(sim, "publisher"), `shard ${shard} has records`, () => {
      const asleepMs = aliveInMs(sim, "publisher");
      queue.busy = false;
      if (asleepMs > 0) return pump(shard, asleepMs);
      while ((queue.waiting[0]?.atMs ?? Infinity) < sim.nowMs() - streamKeepsMs) {
        queue.waiting.shift();
        expired++;
        sim.saw("stream-expired");
      }
      publish(shard);
    });
  };

  const publish = (shard: number): void => {
    const queue = queues[shard];
    const batch = queue?.waiting.slice(0, recordsMax) ?? [];
    if (!queue || batch.length === 0) return;
    queue.busy = true;
    const name = `publisher ${shard}.${++queue.batches}`;
    const next = (count: number, afterMs: number) => {
      queue.busy = false;
      queue.waiting.splice(0, sim.fault("stream-replay", name) ? 0 : count);
      pump(shard, afterMs);
    };
    invoke("publisher", name, streamEvent(batch), {
      done(result) {
        const failed = (result as DynamoDBBatchResponse).batchItemFailures.map(({ itemIdentifier }) =>
          batch.findIndex(({ commit }) => commit.commitId === itemIdentifier),
        );
        next(Math.min(batch.length, ...failed), failed.length > 0 ? 1_000 : 5);
      },
      lost: () => next(0, 2_000),
    });
  };

  return {
    appended(commit: Commit): void {
      const shard = hash(commit.stream) % shards;
      queues[shard]?.waiting.push({ commit, atMs: sim.nowMs() });
      pump(shard, sim.between(`stream ${commit.stream}@${commit.version}`, 1, 120));
    },
    /** How many commits nobody was told of. */
    expired: () => expired,
  };
};

const streamEvent = (batch: readonly { commit: Commit }[]): DynamoDBStreamEvent => ({
  Records: batch.map(({ commit }) => ({
    eventID: commit.commitId,
    eventName: "INSERT",
    eventSource: "aws:dynamodb",
    dynamodb: { SequenceNumber: commit.commitId, NewImage: commitImage(commit), StreamViewType: "NEW_IMAGE" },
  })),
});

/** EventBridge: refuses some entries, delivers the others late, twice, and in any order. */
export const bus = (
  sim: Sim,
  queues: Queues,
  poke: (queue: string, afterMs: number) => void,
): EventBus["publish"] => {
  const rules = subscriptions.map(({ name, pattern }) => ({ queue: name, matches: compilePattern(pattern) }));
  let calls = 0;
  return async (events) => {
    const call = ++calls;
    const refused: number[] = [];
    for (const [index, event] of events.entries()) {
      const { id } = event.detail;
      const inThisSecond = Math.floor(sim.nowMs() / 1_000);
      if (
        sim.fault("entry-refused", `${id} in call ${call}`) ||
        sim.fault("bus-throttles", `${id} in second ${inThisSecond}`)
      ) {
        refused.push(index);
        continue;
      }
      const body = JSON.stringify({ version: "0", id, ...event });
      for (const { queue, matches } of rules) {
        if (!matches(event)) continue;
        const what = `${id} to ${queue} of call ${call}`;
        const times = sim.fault("bus-duplicate", what) ? 2 : 1;
        for (let time = 1; time <= times; time++) {
          const lateMs = sim.fault("bus-late", `${what} ${time}`)
            ? sim.between(`late ${what} ${time}`, 1_000, 600_000)
            : 0;
          const ms = lateMs + sim.between(`bus ${what} ${time}`, 5, 200);
          sim.after(ms, `bus: ${what} (${time})`, () => {
            void queues.send([{ queue, body }]).then(() => poke(queue, 0));
          });
        }
      }
    }
    return refused;
  };
};

/** How often a queue is looked into, at most. */
const slotMs = 20;

/** SQS and its Lambda trigger: some messages twice, some deletes lost, dead letters after so many receives. */
export const queueWorkers = (sim: Sim, queues: Queues, invoke: Invoke) => {
  const running = new Map<string, number>();
  const planned = new Set<string>();
  let polls = 0;

  /** Looks into the queue then, together with whoever else wants to at about that time. */
  const poke = (queue: string, afterMs: number): void => {
    const subscription = subscriptions.find(({ name }) => name === queue);
    const slot = `poll ${queue} ${Math.ceil((sim.nowMs() + afterMs + 1) / slotMs)}`;
    if (!subscription || planned.has(slot)) return;
    planned.add(slot);
    const dueMs = Math.ceil((sim.nowMs() + afterMs + 1) / slotMs) * slotMs;
    sim.after(dueMs - sim.nowMs(), slot, () => {
      planned.delete(slot);
      polls++;
      const asleepMs = aliveInMs(sim, queue);
      if (asleepMs > 0) poke(queue, asleepMs);
      else void poll(subscription);
    });
  };

  const poll = async (subscription: Subscription): Promise<void> => {
    const { name, batchSize, concurrency, receivesMax, visibilityTimeoutSec } = subscription;
    const busy = running.get(name) ?? 0;
    if (busy >= concurrency) return poke(name, 100);
    const visibilityMs = visibilityTimeoutSec * 1_000;
    const max = sim.between(`batch ${name} ${polls}`, 1, batchSize);
    const taken = await queues.receive(name, { max, visibilityMs });
    if (taken.length === 0) return;
    if (taken.length === max) poke(name, 0);
    poke(name, visibilityMs);
    const messages: QueueMessage[] = [];
    for (const message of taken) {
      // it ended its container on its last receive
      if (message.receives > receivesMax) await bury(name, message, receivesMax);
      else messages.push(message);
      if (sim.fault("queue-duplicate", `${name} ${message.id} ×${message.receives}`)) {
        await queues.release(name, message.id, 0);
        poke(name, 0);
      }
    }
    if (messages.length === 0) return;
    running.set(name, busy + 1);
    const free = () => running.set(name, (running.get(name) ?? 1) - 1);
    const batch = messages.map(({ id, receives }) => `${id}×${receives}`).join(",");
    invoke(name, `${name} ${batch}`, sqsEvent(name, messages), {
      done(result) {
        free();
        const { batchItemFailures } = result as SQSBatchResponse;
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const message of messages) void settle(subscription, message, failed.has(message.id));
      },
      lost: free,
    });
  };

  const settle = async ({ name, receivesMax }: Subscription, message: QueueMessage, failed: boolean) => {
    if (!failed) {
      if (sim.fault("delete-lost", `${name} ${message.id} ×${message.receives}`)) return;
      return queues.remove(name, [message.id]);
    }
    sim.saw("retried");
    if (message.receives >= receivesMax) return bury(name, message, message.receives);
    const ms = backoffMs(message.receives, () =>
      sim.unit(`backoff ${name} ${message.id} ${message.receives}`),
    );
    await queues.release(name, message.id, ms);
    poke(name, ms);
  };

  const bury = async (queue: string, { id }: QueueMessage, receives: number): Promise<void> => {
    sim.saw("dead-letter");
    sim.note(`    ${queue} ${id} is a dead letter`);
    await queues.bury(queue, id, `failed ${receives} times`);
  };

  return { poke };
};
