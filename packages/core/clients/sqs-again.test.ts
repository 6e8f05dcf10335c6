import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { startFakeSqs } from "../testing/fake-sqs.ts";
import { sqsAgain } from "./sqs-again.ts";

const open = async () => {
  const fake = await startFakeSqs("send-message");
  const client = new SQSClient({
    endpoint: fake.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    fake.stop();
  });
  const queueUrl = "https://sqs.eu-west-1.amazonaws.com/000000000000/send-message";
  return { again: sqsAgain({ client, queueUrl }), sent: () => fake.held("send-message") };
};

it.each([
  [-1, 0],
  [0, 0],
  [1, 1],
  [500, 1],
  [1_000, 1],
  [1_001, 2],
  [900_000, 900],
  [900_001, 900],
  [3_600_000, 900],
])("%d ms from now is %d s", async (delayMs, delay) => {
  const { again, sent } = await open();
  await again({ body: "the event", delayMs });
  expect(sent()).toMatchObject([{ Body: "the event", delay }]);
});

it("throws what SQS refuses, so that the message comes again as one that failed", async () => {
  const { again, sent } = await open();
  await expect(again({ body: "the event", delayMs: Number.NaN })).rejects.toThrow("no");
  expect(sent()).toEqual([]);
});
