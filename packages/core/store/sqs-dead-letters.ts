import { setTimeout as sleep } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import type { DeadLetter, Queues } from "./queues.ts";
import { deadLettersName, queueName } from "./sqs-names.ts";

export type SqsDeadLettersOptions = { client: SQSClient; stage: string };

/** SQS hands out 10 at most. */
const batchMax = 10;
/** For so long, what we look at is hidden from others; it is shown again as soon as we have looked. */
const hiddenSeconds = 60;
const askAgainMs = 1_000;

/**
 * The dead letters of a deployed stage. SQS shows messages by handing them out, so who looks raises their
 * `receives`, and two who look at once may each see a part. It keeps neither when a message was given up nor,
 * unless EventBridge gave it up, why. Throws what SQS throws: `QueueDoesNotExist` for a stage that is not there.
 */
export const sqsDeadLetters = ({
  client,
  stage,
}: SqsDeadLettersOptions): Pick<Queues, "deadLetters" | "redrive"> => {
  const urlOf = async (QueueName: string): Promise<string> =>
    (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? "";

  const arnOf = async (QueueUrl: string): Promise<string> => {
    const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
    return (await client.send(get)).Attributes?.QueueArn ?? "";
  };

  /** Hands messages to `work`, each once, and shows them to others again afterwards: what is deleted stays so. */
  const look = async <Result>(
    QueueUrl: string,
    limit: number,
    work: (messages: readonly Message[]) => Promise<Result>,
  ): Promise<Result> => {
    const seen = new Map<string, Message>();
    try {
      while (seen.size < limit) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: Math.min(batchMax, limit - seen.size),
            VisibilityTimeout: hiddenSeconds,
            WaitTimeSeconds: 1,
            MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
            MessageAttributeNames: ["ERROR_CODE"],
          }),
        );
        const fresh = Messages.filter(({ MessageId = "" }) => !seen.has(MessageId));
        for (const message of Messages) seen.set(message.MessageId ?? "", message);
        if (fresh.length === 0) break;
      }
      return await work([...seen.values()]);
    } finally {
      await show(QueueUrl, [...seen.values()]);
    }
  };

  const show = async (QueueUrl: string, messages: readonly Message[]): Promise<void> => {
    for (let from = 0; from < messages.length; from += batchMax) {
      const Entries = messages.slice(from, from + batchMax).map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    }
  };

  /** By SQS itself, which also tells how far it is. Resolves when it is done. */
  const moveAll = async (SourceArn: string, DestinationArn: string): Promise<number> => {
    await client.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    for (;;) {
      const list = new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 });
      const task = (await client.send(list)).Results?.[0];
      if (task?.Status === "FAILED") throw new Error(`SQS moved not all of them: ${task.FailureReason}`);
      if (task?.Status !== "RUNNING") return task?.ApproximateNumberOfMessagesMoved ?? 0;
      await sleep(askAgainMs);
    }
  };

  return {
    async deadLetters(queue, limit) {
      const url = await urlOf(deadLettersName(stage, queue));
      return look(url, limit, async (messages) => messages.map(letter));
    },

    async redrive(queue, ids) {
      const from = await urlOf(deadLettersName(stage, queue));
      const to = await urlOf(queueName(stage, queue));
      if (ids === undefined) return moveAll(await arnOf(from), await arnOf(to));
      return look(from, Number.POSITIVE_INFINITY, async (messages) => {
        const wanted = messages.filter(({ MessageId = "" }) => ids.includes(MessageId));
        for (const { Body, ReceiptHandle } of wanted) {
          // in this order: what is lost between the two comes twice, and nothing minds
          await client.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body }));
          await client.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
        }
        return wanted.length;
      });
    },
  };
};

/** The same with a client of its own, for the account and region of the environment. `close` it in the end. */
export const openSqsDeadLetters = (
  stage: string,
): ReturnType<typeof sqsDeadLetters> & { close: () => void } => {
  const client = new SQSClient({});
  return { ...sqsDeadLetters({ client, stage }), close: () => client.destroy() };
};

const letter = ({ MessageId = "", Body = "", Attributes, MessageAttributes }: Message): DeadLetter => ({
  id: MessageId,
  body: Body,
  receives: Number(Attributes?.ApproximateReceiveCount ?? 0),
  sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
  reason: MessageAttributes?.["ERROR_CODE"]?.StringValue ?? "failed too often",
});
