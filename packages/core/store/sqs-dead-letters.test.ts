import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { startFakeSqs } from "../testing/fake-sqs.ts";
import { sqsDeadLetters } from "./sqs-dead-letters.ts";

const queue = "hilo-test-send-message";
const dead = `${queue}-dead-letters`;

const open = async (count: number) => {
  const fake = await startFakeSqs(queue, dead);
  for (let n = 1; n <= count; n += 1) fake.put(dead, `event ${n}`);
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
  const bodies = (name: string) => fake.held(name).map(({ Body }) => Body);
  return { ...fake, bodies, letters: sqsDeadLetters({ client, stage: "test" }) };
};

it("lists them, and leaves them for others to see", async () => {
  const { letters, held } = await open(12);
  const found = await letters.deadLetters("send-message", 100);
  expect(found.map(({ body }) => body)).toEqual(Array.from({ length: 12 }, (_, n) => `event ${n + 1}`));
  expect(found[0]).toEqual({
    id: held(dead)[0]?.MessageId,
    body: "event 1",
    receives: 1,
    sentAt: "2026-11-23T12:00:00.000Z",
    reason: "failed too often",
  });
  expect(held(dead).map(({ isHidden }) => isHidden)).toEqual(Array.from({ length: 12 }, () => false));
});

it.each([0, 1, 10, 11, 12, 13])("lists %d at most", async (limit) => {
  const { letters } = await open(12);
  expect(await letters.deadLetters("send-message", limit)).toHaveLength(Math.min(limit, 12));
});

it("puts those that are named back, and shows the others again", async () => {
  const { letters, held, bodies } = await open(12);
  const ids = [held(dead)[3], held(dead)[11]].map((message) => message?.MessageId ?? "");
  expect(await letters.redrive("send-message", [...ids, "unknown"])).toBe(2);
  expect(bodies(queue)).toEqual(["event 4", "event 12"]);
  expect(held(dead)).toHaveLength(10);
  expect(held(dead).some(({ isHidden }) => isHidden)).toBe(false);
});

it("lets SQS put all of them back, and says how many they were", async () => {
  const { letters, bodies } = await open(12);
  expect(await letters.redrive("send-message")).toBe(12);
  expect(bodies(queue)).toHaveLength(12);
  expect(bodies(dead)).toEqual([]);
});

it("knows no other stage's", async () => {
  const { letters } = await open(1);
  await expect(letters.deadLetters("transcript", 1)).rejects.toThrow("there is no such queue");
});
