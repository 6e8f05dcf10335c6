import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BusEvent } from "../events/bus.ts";
import { startFakeEventBridge } from "../testing/fake-eventbridge.ts";
import { entryBytesMax, eventBridgeBus } from "./eventbridge-bus.ts";

const open = async (maxAttempts = 1) => {
  const fake = await startFakeEventBridge();
  const client = new EventBridgeClient({
    endpoint: fake.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts,
  });
  onTestFinished(() => {
    client.destroy();
    fake.stop();
  });
  return { ...fake, bus: eventBridgeBus({ client, busName: "hilo" }) };
};

const event = (version: number, data: BusEvent["detail"]["data"] = {}): BusEvent => ({
  source: "hilo",
  "detail-type": "MessageReceived",
  time: "2026-11-23T12:00:00.000Z",
  detail: {
    id: `s@${version}`,
    stream: "s",
    version,
    at: "2026-11-23T12:00:00.000Z",
    subject: "p",
    commitId: "c",
    schemaVersion: 1,
    data,
  },
});
const events = (count: number, data?: BusEvent["detail"]["data"]) =>
  Array.from({ length: count }, (_, index) => event(index + 1, data));

/** Requests are made at the same time, so they come in any order. */
const sizes = (requests: unknown[][]) => requests.map(({ length }) => length).toSorted((a, b) => b - a);

describe("the bus on EventBridge", () => {
  it("carries an event as it is", async () => {
    const { bus, accepted } = await open();
    expect(await bus.publish([event(1, { noReply: "history" })])).toEqual([]);
    const [{ Detail, ...entry } = { Detail: "" }] = accepted;
    expect(entry).toEqual({
      EventBusName: "hilo",
      Source: "hilo",
      DetailType: "MessageReceived",
      Time: Date.parse("2026-11-23T12:00:00.000Z") / 1000,
    });
    expect(JSON.parse(Detail)).toEqual(event(1, { noReply: "history" }).detail);
  });

  it.each([
    { count: 0, requests: [] },
    { count: 10, requests: [10] },
    { count: 11, requests: [10, 1] },
    { count: 25, requests: [10, 10, 5] },
  ])("takes $count events in requests of $requests", async ({ count, requests }) => {
    const { bus, requests: made } = await open();
    await bus.publish(events(count));
    expect(sizes(made)).toEqual(requests);
  });

  it("keeps a request under a megabyte", async () => {
    const { bus, requests, accepted } = await open();
    await bus.publish(events(9, { raw: "x".repeat(200_000) }));
    expect(sizes(requests)).toEqual([4, 4, 1]);
    expect(accepted).toHaveLength(9);
  });

  it.each([
    { more: 0, fields: ["raw", "noReply"] },
    { more: 1, fields: ["noReply"] },
  ])("leaves the large fields out of an event that is $more bytes too large", async ({ more, fields }) => {
    const { bus, accepted } = await open();
    const overhead =
      14 +
      "hilo".length +
      "MessageReceived".length +
      JSON.stringify(event(1, { raw: "", noReply: "x" }).detail).length;
    await bus.publish([event(1, { raw: "x".repeat(entryBytesMax - overhead + more), noReply: "x" })]);
    const { data } = JSON.parse(accepted[0]?.Detail ?? "{}") as BusEvent["detail"];
    expect(Object.keys(data)).toEqual(fields);
  });

  it("answers the places of those that were refused, whichever request they were in", async () => {
    const { bus, next } = await open();
    const isTaken = ({ Detail }: { Detail: string }) =>
      !Detail.includes('"s@4"') && !Detail.includes('"s@11"');
    next.push(isTaken, isTaken);
    expect((await bus.publish(events(12))).toSorted((a, b) => a - b)).toEqual([3, 10]);
  });

  it.each(["throttle", "hang-up"] as const)("refuses a whole request on %s, and no other", async (fault) => {
    const { bus, next, accepted } = await open();
    next.push("accept", fault);
    expect(await bus.publish(events(12))).toHaveLength(accepted.length === 10 ? 2 : 10);
  });

  it("throws what no repeat mends", async () => {
    const { bus, next } = await open();
    next.push("deny");
    await expect(bus.publish(events(1))).rejects.toThrow("not you");
  });

  it("lets the SDK wait and try again when it is told to slow down", async () => {
    const { bus, next, requests } = await open(3);
    next.push("throttle");
    expect(await bus.publish(events(1))).toEqual([]);
    expect(requests).toHaveLength(2);
  });
});
