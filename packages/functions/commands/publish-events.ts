/** From the store's change stream to the bus (D5): every event of every commit, at least once. */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { EventBus } from "#core/clients/event-bus.ts";
import type { BusEvent } from "#core/events/bus.ts";
import type { Codec } from "#core/store/codec.ts";
import { describeError, type Log } from "#functions/shared/log.ts";
import { commitFromItem } from "#core/store/commit-item.ts";

export type PublishEventsDeps = { bus: EventBus; codec: Pick<Codec, "publish">; log: Log };

export type StreamHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/** How often refused entries are offered again, alone, before their commits are left to the next invocation. */
export const attemptsMax = 3;

/** Answers the commits of which an event was refused; the stream comes again from the first of them. */
export const publishEvents =
  (deps: PublishEventsDeps): StreamHandler =>
  async ({ Records }) => {
    let open = Records.flatMap((record) => eventsOf(deps, record).map((event) => ({ event, record })));
    for (let attempt = 1; attempt <= attemptsMax && open.length > 0; attempt++) {
      const refused = await deps.bus.publish(open.map(({ event }) => event));
      open = refused.flatMap((index) => open[index] ?? []);
    }
    const failed = new Set(open.map(({ record }) => record.dynamodb?.SequenceNumber ?? ""));
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };

/** A commit that can't be read must not hold up all others: it is logged, and the audit finds what it lacks. */
const eventsOf = ({ codec, log }: PublishEventsDeps, { eventName, dynamodb }: DynamoDBRecord): BusEvent[] => {
  if (eventName !== "INSERT" || !dynamodb?.NewImage) return [];
  try {
    return codec.publish(commitFromItem(dynamodb.NewImage));
  } catch (error) {
    log("error", "a commit can't be published", { error: describeError(error) });
    return [];
  }
};
