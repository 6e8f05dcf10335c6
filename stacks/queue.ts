/** Queues and what may be put into them. Their bodies hold personal data only as ciphertext, so SQS's own key encrypts them. */
import { logicalName } from "./names.ts";

const keptDaysMax = 14;

/** What could not be done, kept until someone has seen why: `hilo dlq`. */
export const createDeadLetters = (name: string): sst.aws.Queue =>
  create(`${logicalName(name)}DeadLetters`, {
    transform: { queue: { messageRetentionSeconds: keptDaysMax * 86_400 } },
  });

type QueueArgs = { visibilityTimeoutSec: number; receivesMax: number; deadLetters: sst.aws.Queue };

export const createQueue = (
  name: string,
  { visibilityTimeoutSec, receivesMax, deadLetters }: QueueArgs,
): sst.aws.Queue =>
  create(`${logicalName(name)}Queue`, {
    visibilityTimeout: `${visibilityTimeoutSec} seconds`,
    dlq: { queue: deadLetters.arn, retry: receivesMax },
    transform: { queue: { messageRetentionSeconds: keptDaysMax * 86_400 } },
  });

const create = (logical: string, { transform, ...args }: sst.aws.QueueArgs): sst.aws.Queue =>
  new sst.aws.Queue(logical, {
    ...args,
    transform: { queue: { sqsManagedSseEnabled: true, receiveWaitTimeSeconds: 20, ...transform?.queue } },
  });

/** SST's own policy would let every rule, topic and bucket of any account send. */
export const letRuleSend = (
  name: string,
  rule: aws.cloudwatch.EventRule,
  ...queues: sst.aws.Queue[]
): void => {
  for (const [index, queue] of queues.entries())
    new aws.sqs.QueuePolicy(`${logicalName(name)}${index === 0 ? "Queue" : "DeadLetters"}Policy`, {
      queueUrl: queue.url,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            sid: "OurRule",
            actions: ["sqs:SendMessage"],
            resources: [queue.arn],
            principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
            conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [rule.arn] }],
          },
          {
            sid: "TlsOnly",
            effect: "Deny",
            actions: ["sqs:*"],
            resources: [queue.arn],
            principals: [{ type: "*", identifiers: ["*"] }],
            conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
        ],
      }).json,
    });
};
