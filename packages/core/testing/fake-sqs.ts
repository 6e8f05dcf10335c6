import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { listen } from "./listen.ts";

type Stored = { MessageId: string; Body: string; delay: number; receives: number; isHidden: boolean };

const Request = z.object({
  QueueName: z.string().default(""),
  QueueUrl: z.string().default(""),
  MessageBody: z.string().default(""),
  DelaySeconds: z.int().min(0).max(900).default(0),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  ReceiptHandle: z.string().default(""),
  Entries: z
    .array(z.object({ ReceiptHandle: z.string() }))
    .max(10)
    .default([]),
  SourceArn: z.string().default(""),
  DestinationArn: z.string().default(""),
});
type Request = z.infer<typeof Request>;

const md5 = (body: string): string => createHash("md5").update(body).digest("hex");
const last = (text: string): string => text.split(/[:/]/).at(-1) ?? "";

/** As much of SQS over HTTP as Hilo asks for; it refuses what the service refuses. What is hidden stays so until it is shown. */
export const startFakeSqs = async (...names: string[]) => {
  const queues = new Map(names.map((name) => [name, [] as Stored[]]));
  const queue = (name: string): Stored[] => {
    const found = queues.get(last(name));
    if (!found) throw new Error("QueueDoesNotExist");
    return found;
  };
  const put = (name: string, Body: string, delay = 0): void =>
    void queue(name).push({ MessageId: randomUUID(), Body, delay, receives: 0, isHidden: false });
  let moved = 0;
  let endpoint = "";

  const actions: Record<string, (request: Request) => object> = {
    GetQueueUrl: ({ QueueName }) => queue(QueueName) && { QueueUrl: `${endpoint}/000000000000/${QueueName}` },
    GetQueueAttributes: ({ QueueUrl }) => ({
      Attributes: { QueueArn: `arn:aws:sqs:eu-west-1:000000000000:${last(QueueUrl)}` },
    }),
    SendMessage: ({ QueueUrl, MessageBody, DelaySeconds }) => {
      put(QueueUrl, MessageBody, DelaySeconds);
      return { MD5OfMessageBody: md5(MessageBody) };
    },
    ReceiveMessage: ({ QueueUrl, MaxNumberOfMessages }) => {
      const taken = queue(QueueUrl)
        .filter(({ isHidden }) => !isHidden)
        .slice(0, MaxNumberOfMessages);
      for (const message of taken) Object.assign(message, { isHidden: true, receives: message.receives + 1 });
      return {
        Messages: taken.map(({ MessageId, Body, receives }) => ({
          MessageId,
          Body,
          ReceiptHandle: MessageId,
          MD5OfBody: md5(Body),
          Attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: "1795435200000" },
        })),
      };
    },
    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      const messages = queue(QueueUrl);
      messages.splice(messages.findIndex(({ MessageId }) => MessageId === ReceiptHandle) >>> 0, 1);
      return {};
    },
    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }) => {
      const shown = new Set(Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      for (const message of queue(QueueUrl)) if (shown.has(message.MessageId)) message.isHidden = false;
      return { Successful: [], Failed: [] };
    },
    StartMessageMoveTask: ({ SourceArn, DestinationArn }) => {
      const messages = queue(SourceArn).splice(0);
      for (const { Body } of messages) put(DestinationArn, Body);
      moved = messages.length;
      return { TaskHandle: "task" };
    },
    ListMessageMoveTasks: () => ({
      Results: [{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: moved }],
    }),
  };

  const server = createServer((request, response) => {
    void (async () => {
      const reply = (status: number, content: object) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
        response.end(JSON.stringify(content));
      };
      const action = actions[String(request.headers["x-amz-target"]).replace("AmazonSQS.", "")];
      const parsed = Request.safeParse(JSON.parse(await text(request)));
      if (!action || !parsed.success) return reply(400, { __type: "InvalidParameterValue", message: "no" });
      try {
        return reply(200, action(parsed.data));
      } catch (error) {
        return reply(400, { __type: (error as Error).message, message: "there is no such queue" });
      }
    })();
  });
  const port = await listen(server);
  endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    put,
    /** All that a queue holds, hidden or not. */
    held: (name: string) => queue(name),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
