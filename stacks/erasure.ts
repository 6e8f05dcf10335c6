/** Erases people: one who asks for it, and, where retention is set, all with whom there was nothing for so long. */
import type { Grant } from "./access.ts";
import type { Lambda, Lambdas } from "./lambda.ts";
import { accountId, logicalName, physicalName } from "./names.ts";
import { createDeadLetters, guardQueue } from "./queue.ts";
import type { Settings } from "./settings.ts";

type Deps = { lambda: Lambdas; settings: Settings };

export type Eraser = { lambda: Lambda; deadLetters: sst.aws.Queue };

export const createErasure = (deps: Deps): Eraser[] => [
  // It has no address and no queue: who may invoke it in IAM may erase anybody, and is told what was erased.
  createEraser(deps, "erase-contact", { timeoutSec: 60, retries: 2 }),
  ...(deps.settings.HILO_RETENTION_DAYS > 0 ? [createRetention(deps)] : []),
];

type EraserArgs = {
  timeoutSec: number;
  /** Of an invocation that nobody waits for. */
  retries: number;
  grants?: Grant[][];
  environment?: Record<string, string>;
};

const createEraser = (
  { lambda: { access, create } }: Deps,
  name: string,
  { timeoutSec, retries, grants = [], environment = {} }: EraserArgs,
): Eraser => {
  const deadLetters = createDeadLetters(name);
  guardQueue(`${name}-dead-letters`, deadLetters);
  const eraser = create(name, {
    timeoutSec,
    memoryMb: 512,
    environment,
    grants: [
      access.appendsEvents,
      access.deletesSnapshots,
      access.deletesMedia,
      access.resolvesIdentities,
      access.keepsViews,
      access.destroysKeys,
      access.sendsTo(deadLetters),
      ...grants,
    ],
  });
  // Who invokes it without waiting is told nothing: what failed to the last is kept, with whom it was about.
  new aws.lambda.FunctionEventInvokeConfig(`${logicalName(name)}Invocations`, {
    functionName: eraser.fn.name,
    maximumRetryAttempts: retries,
    maximumEventAgeInSeconds: 6 * 3600,
    destinationConfig: { onFailure: { destination: deadLetters.arn } },
  });
  return { lambda: eraser, deadLetters };
};

/** Reads the log through four times a day: at 15 minutes a run, some hundred thousand conversations. */
const createRetention = (deps: Deps): Eraser => {
  const name = "forget-idle";
  const eraser = createEraser(deps, name, {
    timeoutSec: 900,
    retries: 1,
    grants: [deps.lambda.access.walksEvents],
    environment: { HILO_RETENTION_DAYS: String(deps.settings.HILO_RETENTION_DAYS) },
  });
  const { fn } = eraser.lambda;
  const role = new aws.iam.Role("ForgetIdleScheduleRole", {
    name: physicalName(`${name}-schedule`),
    assumeRolePolicy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sts:AssumeRole"],
          principals: [{ type: "Service", identifiers: ["scheduler.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId()] }],
        },
      ],
    }).json,
    inlinePolicies: [
      {
        name: "invokes",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            { actions: ["lambda:InvokeFunction"], resources: [fn.arn] },
            { actions: ["sqs:SendMessage"], resources: [eraser.deadLetters.arn] },
          ],
        }).json,
      },
    ],
  });
  new aws.scheduler.Schedule("ForgetIdleSchedule", {
    name: physicalName(name),
    scheduleExpression: "rate(6 hours)",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: fn.arn,
      roleArn: role.arn,
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      deadLetterConfig: { arn: eraser.deadLetters.arn },
    },
  });
  return eraser;
};
