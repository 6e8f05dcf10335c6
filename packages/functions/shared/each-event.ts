/** A queue's batch, each message on its own: one that fails comes again, its neighbours are done (SQS). */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { BusEvent } from "#core/events/bus.ts";
import { describeError, type Log } from "./log.ts";

/** Not now: the message should come again, and nothing is wrong. */
export class NotYet extends Error {
  override name = "NotYet";
}

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export const eachEvent =
  (log: Log, act: (event: BusEvent) => Promise<void>): QueueHandler =>
  async ({ Records }) => {
    const failures = await Promise.all(Records.map((record) => attempt(log, act, record)));
    return { batchItemFailures: failures.flat() };
  };

const attempt = async (log: Log, act: (event: BusEvent) => Promise<void>, record: SQSRecord) => {
  try {
    await act(BusEvent.parse(JSON.parse(record.body)));
    return [];
  } catch (error) {
    if (!(error instanceof NotYet))
      log("error", "event failed", { queue: queueOf(record), error: describeError(error) });
    return [{ itemIdentifier: record.messageId }];
  }
};

const queueOf = ({ eventSourceARN }: SQSRecord): string =>
  eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
