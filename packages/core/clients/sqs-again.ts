import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

export type SqsAgainOptions = {
  client: SQSClient;
  /** The queue that the messages come from, and go back to. */
  queueUrl: string;
};

/** SQS delays a message by 15 minutes at most (SQS, "SendMessage"); who waits longer is asked again then. */
const delaySecondsMax = 900;

/** Delays are whole seconds there: a part of one counts as one. */
export const delaySecondsOf = (delayMs: number): number =>
  Math.min(delaySecondsMax, Math.max(0, Math.ceil(delayMs / 1_000)));

/** Puts messages back into one queue, for later. */
export const sqsAgain =
  ({ client, queueUrl }: SqsAgainOptions) =>
  async ({ body, delayMs }: { body: string; delayMs: number }): Promise<void> => {
    const DelaySeconds = delaySecondsOf(delayMs);
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds }));
  };
