import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { EventBus } from "#core/clients/event-bus.ts";
import type { BusEvent } from "#core/events/bus.ts";
import { commitImage } from "#core/store/commit-item.ts";
import { stream } from "#core/testing/given.ts";
import { memoryHilo } from "#core/testing/memory-hilo.ts";
import { received, started } from "#core/testing/samples.ts";
import { attemptsMax, publishEvents } from "./publish-events.ts";

const { store, record } = memoryHilo();
await record(stream, started(), received("m1"));
await record(stream, received("m2"));
await record(stream, received("m3"));
const { commits } = await store.log.feed(undefined, 10);

/** The feed's records of these commits; a sequence number names each. */
const records: DynamoDBRecord[] = commits.map((commit) => ({
  eventName: "INSERT",
  dynamodb: { SequenceNumber: `seq-${commit.version}`, NewImage: commitImage(commit) },
}));

const idOf = ({ detail }: BusEvent): string => detail.id;
const all = [1, 2, 3, 4].map((version) => `${stream}@${version}`);

/** A bus that refuses an event so many times. */
const busRefusing = (times: Record<string, number>) => {
  const left = { ...times };
  const offered: string[][] = [];
  const bus: EventBus = {
    async publish(events) {
      offered.push(events.map(idOf));
      const isRefused = (id: string) => (left[id] = (left[id] ?? 0) - 1) >= 0;
      return events.flatMap((event, index) => (isRefused(idOf(event)) ? [index] : []));
    },
  };
  return { publish: publishEvents({ log: () => {}, bus, codec: store.codec }), offered };
};

const failuresOf = (...sequenceNumbers: string[]) => ({
  batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("publishing", () => {
  it("hands over every event of every commit, in order, encrypted", async () => {
    const published: BusEvent[] = [];
    const bus: EventBus = { publish: async (events) => (published.push(...events), []) };
    expect(await publishEvents({ log: () => {}, bus, codec: store.codec })({ Records: records })).toEqual(
      failuresOf(),
    );
    expect(published.map(idOf)).toEqual(all);
    expect(published.map((event) => event["detail-type"])).toEqual([
      "ConversationStarted",
      "MessageReceived",
      "MessageReceived",
      "MessageReceived",
    ]);
    expect(JSON.stringify(published)).not.toContain("abrís");
  });

  it("F12: of a batch that comes again gives each event the id that it had", async () => {
    const { publish, offered } = busRefusing({});
    await publish({ Records: records });
    await publish({ Records: records.slice(1) });
    expect(offered).toEqual([all, all.slice(2)]);
  });

  it.each<[string, DynamoDBRecord]>([
    ["a commit that was changed", { eventName: "MODIFY" }],
    ["a commit that was removed", { eventName: "REMOVE" }],
    ["what has no kind", {}],
  ])("passes over %s", async (_, kind) => {
    const { publish, offered } = busRefusing({});
    const passedOver = records.map(({ dynamodb }) => ({ ...kind, ...(dynamodb && { dynamodb }) }));
    expect(await publish({ Records: passedOver })).toEqual(failuresOf());
    expect(offered).toEqual([]);
  });

  it("passes over a record without its image", async () => {
    const { publish, offered } = busRefusing({});
    const bare: DynamoDBRecord = { eventName: "INSERT", dynamodb: { SequenceNumber: "seq-1" } };
    expect(await publish({ Records: [bare, ...records.slice(2)] })).toEqual(failuresOf());
    expect(offered).toEqual([all.slice(3)]);
  });

  it("of nothing asks nothing of the bus", async () => {
    const { publish, offered } = busRefusing({});
    expect(await publish({ Records: [] })).toEqual(failuresOf());
    expect(offered).toEqual([]);
  });
});

describe("events that the bus refuses", () => {
  it("F13: are offered again, and only they", async () => {
    const { publish, offered } = busRefusing({ [`${stream}@2`]: 1, [`${stream}@4`]: 2 });
    expect(await publish({ Records: records })).toEqual(failuresOf());
    expect(offered).toEqual([all, [`${stream}@2`, `${stream}@4`], [`${stream}@4`]]);
  });

  it.each([
    [attemptsMax - 1, []],
    [attemptsMax, ["seq-3"]],
  ])("F13: %d times are left to the next invocation: %j", async (times, failed) => {
    const { publish, offered } = busRefusing({ [`${stream}@3`]: times });
    expect(await publish({ Records: records })).toEqual(failuresOf(...failed));
    expect(offered).toHaveLength(attemptsMax);
  });

  it("F13: for good fail their commits, each once, by its sequence number", async () => {
    const forGood = { [`${stream}@1`]: 99, [`${stream}@2`]: 99, [`${stream}@4`]: 99 };
    const { publish } = busRefusing(forGood);
    expect(await publish({ Records: records })).toEqual(failuresOf("seq-1", "seq-4"));
  });
});

it("a bus that cannot be reached fails the whole batch", async () => {
  const bus: EventBus = { publish: () => Promise.reject(new Error("unreachable")) };
  const publishing = publishEvents({ log: () => {}, bus, codec: store.codec })({ Records: records });
  await expect(publishing).rejects.toThrow("unreachable");
});
