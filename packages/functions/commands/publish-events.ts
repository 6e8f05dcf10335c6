/** From the store's change stream to the bus (D5): every event of every commit, at least once. */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { EventBus } from "#core/clients/event-bus.ts";
import type { BusEvent } from "#core/events/bus.ts";
import type { Codec } from "#core/store/codec.ts";
import { commitFromItem } from "#core/store/commit-item.ts";

export type PublishEventsDeps = { bus: EventBus; codec: Pick<Codec, "publish"> };

export type StreamHandler = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

/** How often refused entries are offered again, alone, before their commits are left to the next invocation. */
export const attemptsMax = 3;

/** Answers the commits of which an event was refused; the stream comes again from the first of them. */
export const publishEvents =
  ({ bus, codec }: PublishEventsDeps): StreamHandler =>
  async ({ Records }) => {
    let open = Records.flatMap((record) => eventsOf(codec, record).map((event) => ({ event, record })));
    for (let attempt = 1; attempt <= attemptsMax && open.length > 0; attempt++) {
      const refused = await bus.publish(open.map(({ event }) => event));
      open = refused.flatMap((index) => open[index] ?? []);
    }
    const failed = new Set(open.map(({ record }) => record.dynamodb?.SequenceNumber ?? ""));
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };

const eventsOf = (codec: PublishEventsDeps["codec"], { eventName, dynamodb }: DynamoDBRecord): BusEvent[] =>
  eventName === "INSERT" && dynamodb?.NewImage ? codec.publish(commitFromItem(dynamodb.NewImage)) : [];
