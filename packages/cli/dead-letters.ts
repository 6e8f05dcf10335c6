/** Whose dead letters `hilo dlq` is about: this machine's, or with `--stage` those of a deployment. */
import type { Queues } from "#core/store/queues.ts";
import { settings } from "./command.ts";
import { Failure } from "./errors.ts";
import { withStores } from "./open-data.ts";

export const stageOption = {
  type: "string",
  value: "name",
  about: "those of that deployment, with the AWS account and region of your environment",
} as const;

type DeadLetters = Pick<Queues, "deadLetters" | "redrive">;

export const withDeadLetters = async <Result>(
  values: { stage?: string | undefined; "data-dir"?: string | undefined },
  work: (deadLetters: DeadLetters) => Promise<Result>,
): Promise<Result> =>
  values.stage === undefined
    ? withStores(settings(values), ({ queues }) => work(queues))
    : withStage(values.stage, work);

/** Loads AWS's client only now: nobody waits for it who does not want it. */
const withStage = async <Result>(stage: string, work: (deadLetters: DeadLetters) => Promise<Result>) => {
  const { openSqsDeadLetters } = await import("#core/store/sqs-dead-letters.ts");
  const deadLetters = openSqsDeadLetters(stage);
  try {
    return await work(deadLetters);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`AWS: ${sentence(error, stage)}`);
  } finally {
    deadLetters.close();
  }
};

const sentence = (error: unknown, stage: string): string => {
  if (!(error instanceof Error)) return String(error);
  return error.name === "QueueDoesNotExist"
    ? `there is no stage ${stage} with this queue, in this account and region`
    : error.message;
};
