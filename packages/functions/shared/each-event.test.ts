import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { eachEvent, NotYet } from "./each-event.ts";
import { sqsRecord } from "#functions/testing/sqs-record.ts";
import type { LogFields } from "./log.ts";

const event = (id: string) => ({
  source: "hilo",
  "detail-type": "MessageReceived",
  time: "2026-11-23T12:00:00.000Z",
  detail: {
    id,
    stream: "s",
    version: 1,
    at: "2026-11-23T12:00:00.000Z",
    subject: "contact",
    commitId: "commit",
    schemaVersion: 1,
    data: {},
  },
});

const record = (id: string): SQSRecord => sqsRecord(id, JSON.stringify(event(id)));

/** Hands over these records to a handler that throws what `problems` has for an event. */
const handOver = async (records: SQSRecord[], problems: Record<string, unknown> = {}) => {
  const acted: string[] = [];
  const again: { queue: string; body: string; delayMs: number }[] = [];
  const logged: { level: string; message: string; fields: LogFields }[] = [];
  const handler = eachEvent(
    {
      log: (level, message, fields = {}) => void logged.push({ level, message, fields }),
      again: async (message) => void again.push(message),
    },
    async ({ detail: { id } }) => {
      acted.push(id);
      if (id in problems) throw problems[id];
    },
  );
  const { batchItemFailures } = await handler({ Records: records });
  return { acted, again, logged, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
};

describe("a batch", () => {
  it("is done when each of its events is", async () => {
    const { acted, failed, logged } = await handOver([record("a"), record("b")]);
    expect([acted, failed, logged]).toEqual([["a", "b"], [], []]);
  });

  it("leaves the events that fail in the queue, and no others", async () => {
    const records = ["a", "b", "c", "d"].map((id) => record(id));
    const { acted, failed } = await handOver(records, { b: new Error("no"), d: new Error("no") });
    expect([acted, failed]).toEqual([
      ["a", "b", "c", "d"],
      ["b", "d"],
    ]);
  });

  it("is worked on at the same time", async () => {
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const handler = eachEvent({ log: () => {}, again: async () => {} }, async () => {
      if (++begun === 2) both.resolve();
      await both.promise;
    });
    expect(await handler({ Records: [record("a"), record("b")] })).toEqual({ batchItemFailures: [] });
  });

  it.each([
    ["no JSON", "{"],
    ["another source's", JSON.stringify({ ...event("x"), source: "aws.s3" })],
    ["without a place in the log", JSON.stringify({ ...event("x"), detail: {} })],
  ])("leaves what is %s in the queue, and does not act on it", async (_, body) => {
    const { acted, failed } = await handOver([sqsRecord("x", body), record("a")]);
    expect([acted, failed]).toEqual([["a"], ["x"]]);
  });
});

describe("the log", () => {
  it("names the queue and the error's kind and place", async () => {
    const { logged } = await handOver([record("a")], { a: new RangeError("quiet") });
    expect(logged).toEqual([
      {
        level: "error",
        message: "event failed",
        fields: {
          queue: "send-message",
          error: expect.stringMatching(/^RangeError at each-event\.test\.ts:\d+:\d+$/) as string,
        },
      },
    ]);
  });

  it("F55: has nothing of an error's message, nor of the event's body", async () => {
    const secret = "34600000001 wrote \u001B[2J";
    const { logged } = await handOver([record("a"), sqsRecord("b", `{"${secret}`), record("c")], {
      a: new Error(secret),
      c: secret,
    });
    expect(logged).toHaveLength(3);
    expect(JSON.stringify(logged)).not.toMatch(/34600000001|wrote|2J/);
  });

  it("has no word of what is only not yet to be done, which comes again", async () => {
    const waiting = record("a");
    const { again, failed, logged } = await handOver([waiting], { a: new NotYet("wait", 3_000) });
    expect(again).toEqual([{ queue: "send-message", body: waiting.body, delayMs: 3_000 }]);
    expect([failed, logged]).toEqual([[], []]);
  });
});

it("without a way to put it back, what is not to be done yet comes again like what failed", async () => {
  const logged: string[] = [];
  const handler = eachEvent({ log: (_, message) => void logged.push(message) }, async () => {
    throw new NotYet("not-our-turn", 500);
  });
  expect(await handler({ Records: [record("m1")] })).toEqual({
    batchItemFailures: [{ itemIdentifier: "m1" }],
  });
  expect(logged).toEqual(["event failed"]);
});
