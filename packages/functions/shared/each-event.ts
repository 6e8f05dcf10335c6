/** A queue's batch, each message on its own: one that fails comes again, its neighbours are done (SQS). */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { BusEvent } from "#core/events/bus.ts";
import { describeError, type Log } from "./log.ts";

/** Not now, and nothing is wrong: the message should come again after so long. */
export class NotYet extends Error {
  override name = "NotYet";
  readonly afterMs: number;

  constructor(reason: string, afterMs: number) {
    super(reason);
    this.afterMs = afterMs;
  }
}

const waitMsMax = 60_000;

/**
 * How long to wait for what others have begun: longer the longer it has been waited for. Each look is a new
 * message, so one that is delivered twice goes on twice; many short waits would multiply it beyond measure.
 */
export const waitMs = (leastMs: number, waitedMs: number): number =>
  Math.max(leastMs, Math.min(waitedMs / 4, waitMsMax));

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export type EachEventDeps = {
  log: Log;
  /**
   * Puts a message back into its queue, as a new one, for later or sooner, where the queue can't wait so long.
   * Waiting thus costs none of the receives after which what fails goes to the dead letters.
   */
  again: (message: { queue: string; body: string; delayMs: number }) => Promise<void>;
};

/** Without `again`, what is not to be done yet comes again like what failed: for handlers that never wait. */
type Deps = Pick<EachEventDeps, "log"> & Partial<EachEventDeps>;

export const eachEvent =
  (deps: Deps, act: (event: BusEvent) => Promise<void>): QueueHandler =>
  async ({ Records }) => {
    const failures = await Promise.all(Records.map((record) => attempt(deps, act, record)));
    return { batchItemFailures: failures.flat() };
  };

const attempt = async (deps: Deps, act: (event: BusEvent) => Promise<void>, record: SQSRecord) => {
  const { body, messageId } = record;
  const queue = queueOf(record);
  try {
    await act(BusEvent.parse(JSON.parse(body))).catch((error: unknown) => {
      if (!(error instanceof NotYet && deps.again)) throw error;
      return deps.again({ queue, body, delayMs: error.afterMs });
    });
    return [];
  } catch (error) {
    deps.log("error", "event failed", { queue, error: describeError(error) });
    return [{ itemIdentifier: messageId }];
  }
};

const queueOf = ({ eventSourceARN }: SQSRecord): string =>
  eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
