import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { expect, it, onTestFinished } from "vitest";
import { eventBridgeBus } from "#core/clients/eventbridge-bus.ts";
import { commitImage } from "#core/store/commit-item.ts";
import { startFakeEventBridge } from "#core/testing/fake-eventbridge.ts";
import { attemptsMax, publishEvents } from "./publish-events.ts";
import { world } from "../testing/world.ts";
import { message, webhook } from "../testing/webhooks.ts";

/** Commits of three customers as the stream hands them over, and a publisher of them to a fake EventBridge. */
const open = async () => {
  const fake = await startFakeEventBridge();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new EventBridgeClient({
    endpoint: fake.endpoint,
    region: "eu-west-1",
    credentials,
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    fake.stop();
  });
  const { deps, post } = world();
  for (const phone of ["34600000001", "34600000002", "34600000003"])
    await post(webhook(message({ phone }, `wamid.${phone}`, deps.clock().getTime())));
  const { commits } = await deps.store.log.scan({ segment: 0, segments: 1 });
  const Records = commits.map((commit, index) => ({
    eventName: "INSERT" as const,
    dynamodb: { SequenceNumber: String(index), NewImage: commitImage(commit) },
  }));
  const handler = publishEvents({
    log: () => {},
    bus: eventBridgeBus({ client, busName: "hilo" }),
    codec: deps.store.codec,
  });
  const events = commits.flatMap(deps.store.codec.publish).map(({ detail }) => detail.id);
  const accepted = () => fake.accepted.map(({ Detail }) => (JSON.parse(Detail) as { id: string }).id);
  return {
    ...fake,
    events,
    acceptedIds: accepted,
    publish: () => handler({ Records }),
  };
};

it("publishes every event of every commit once", async () => {
  const { publish, events, acceptedIds } = await open();
  expect(await publish()).toEqual({ batchItemFailures: [] });
  expect(acceptedIds()).toEqual(events);
});

it("offers only the refused ones again", async () => {
  const { publish, events, acceptedIds, requests, next } = await open();
  next.push((_, index) => index % 2 === 0);
  expect(await publish()).toEqual({ batchItemFailures: [] });
  expect(acceptedIds().toSorted()).toEqual(events.toSorted());
  expect(requests.map(({ length }) => length)).toEqual([9, 4]);
});

it("leaves the commits of those that stay refused to the next invocation", async () => {
  const { publish, next, requests } = await open();
  next.push(...Array.from({ length: attemptsMax }, () => (_: unknown, index: number) => index !== 0));
  expect(await publish()).toEqual({ batchItemFailures: [{ itemIdentifier: "0" }] });
  expect(requests.map(({ length }) => length)).toEqual([9, 1, 1]);
});

it("leaves all of them when the bus is throttled for good", async () => {
  const { publish, next } = await open();
  next.push(...Array.from({ length: attemptsMax }, () => "throttle" as const));
  const { batchItemFailures } = await publish();
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(["0", "1", "2"]);
});
