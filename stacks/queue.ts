/** Queues and what may be put into them. Their bodies hold personal data only as ciphertext, so SQS's own key encrypts them. */
import { deadLettersName, queueName } from "../packages/core/store/sqs-names.ts";
import { logicalName } from "./names.ts";

const keptDaysMax = 14;

/** What could not be done, kept until someone has seen why: `hilo dlq`. */
export const createDeadLetters = (name: string): sst.aws.Queue =>
  create(`${logicalName(name)}DeadLetters`, deadLettersName($app.stage, name));

type QueueArgs = { visibilityTimeoutSec: number; receivesMax: number; deadLetters: sst.aws.Queue };

export const createQueue = (
  name: string,
  { visibilityTimeoutSec, receivesMax, deadLetters }: QueueArgs,
): sst.aws.Queue =>
  create(`${logicalName(name)}Queue`, queueName($app.stage, name), {
    visibilityTimeout: `${visibilityTimeoutSec} seconds`,
    dlq: { queue: deadLetters.arn, retry: receivesMax },
  });

const create = (logical: string, name: string, args: sst.aws.QueueArgs = {}): sst.aws.Queue =>
  new sst.aws.Queue(logical, {
    ...args,
    transform: {
      queue: {
        name,
        sqsManagedSseEnabled: true,
        receiveWaitTimeSeconds: 20,
        messageRetentionSeconds: keptDaysMax * 86_400,
      },
    },
  });

/** Lets one rule send to the queue, over TLS; without a rule, only who has the permission of its own. SST's policy lets every rule, topic and bucket of any account. */
export const guardQueue = (name: string, queue: sst.aws.Queue, rule?: aws.cloudwatch.EventRule): void => {
  new aws.sqs.QueuePolicy(`${logicalName(name)}Policy`, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [...(rule ? [ruleMaySend(queue, rule)] : []), tlsOnly(queue)],
    }).json,
  });
};

const ruleMaySend = (queue: sst.aws.Queue, rule: aws.cloudwatch.EventRule) => ({
  sid: "OurRule",
  actions: ["sqs:SendMessage"],
  resources: [queue.arn],
  principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
  conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [rule.arn] }],
});

const tlsOnly = (queue: sst.aws.Queue) => ({
  sid: "TlsOnly",
  effect: "Deny",
  actions: ["sqs:*"],
  resources: [queue.arn],
  principals: [{ type: "*", identifiers: ["*"] }],
  conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
});
