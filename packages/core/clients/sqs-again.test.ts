import { once } from "node:events";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { delaySecondsMax, sqsAgain } from "./sqs-again.ts";

/** SQS's SendMessage over HTTP, with its own limit on delays. */
const open = async () => {
  const sent: unknown[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const message = JSON.parse(await text(request)) as { DelaySeconds: number; MessageBody: string };
      const { DelaySeconds: delay } = message;
      const fits = Number.isInteger(delay) && delay >= 0 && delay <= 900;
      if (fits) sent.push(message);
      response.writeHead(fits ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
      const MD5OfMessageBody = createHash("md5").update(message.MessageBody).digest("hex");
      response.end(JSON.stringify(fits ? { MD5OfMessageBody } : { __type: "InvalidParameterValue" }));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the fake has no port");
  const client = new SQSClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const queueUrl = "https://sqs.eu-west-1.amazonaws.com/000000000000/send-message";
  return { sent, queueUrl, again: sqsAgain({ client, queueUrl }) };
};

it.each([
  [-1, 0],
  [0, 0],
  [1, 1],
  [500, 1],
  [1_000, 1],
  [1_001, 2],
  [900_000, delaySecondsMax],
  [900_001, delaySecondsMax],
  [3_600_000, delaySecondsMax],
])("%d ms from now is %d s", async (delayMs, DelaySeconds) => {
  const { again, sent, queueUrl } = await open();
  await again({ body: "the event", delayMs });
  expect(sent).toEqual([{ QueueUrl: queueUrl, MessageBody: "the event", DelaySeconds }]);
});

it("throws what SQS refuses, so that the message comes again as one that failed", async () => {
  const { again, sent } = await open();
  await expect(again({ body: "the event", delayMs: Number.NaN })).rejects.toThrow();
  expect(sent).toEqual([]);
});
