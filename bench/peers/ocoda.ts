/** ocoda's event store on DynamoDB, without the Nest application around it. */
import "reflect-metadata";
import { CreateTableCommand, waitUntilTableExists, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Aggregate, AggregateRoot, Event, EventMap, EventStream, Id } from "@ocoda/event-sourcing";
import ocodaDynamo from "@ocoda/event-sourcing/dist/integration/event-store/dynamodb.event-store.js";
import type { ConversationEvent } from "../../packages/core/events/conversation.ts";

class Conversation extends AggregateRoot {}
Aggregate({ streamName: "conversation" })(Conversation);

/** Its events are instances of classes; one class carries ours. */
export class Fact {
  readonly happened: ConversationEvent;

  constructor(happened: ConversationEvent) {
    this.happened = happened;
  }
}
Event("fact")(Fact);

/** `pool` names its table. */
export const ocodaStore = async (client: DynamoDBClient, pool: string) => {
  const events = new EventMap();
  events.register(
    Fact as never,
    {
      serialize: ({ happened }: Fact) => ({ happened }),
      deserialize: ({ happened }: { happened: ConversationEvent }) => new Fact(happened),
    } as never,
  );
  const store = new ocodaDynamo.DynamoDBEventStore(events, client);
  // its own setup asks for provisioned and on-demand capacity at once, which the server refuses
  await client.send(
    new CreateTableCommand({
      TableName: `${pool}-events`,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "streamId", KeyType: "HASH" },
        { AttributeName: "version", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "streamId", AttributeType: "S" },
        { AttributeName: "version", AttributeType: "N" },
      ],
    }),
  );
  await waitUntilTableExists(
    { client, minDelay: 0.02, maxDelay: 2, maxWaitTime: 60 },
    { TableName: `${pool}-events` },
  );
  store.publish = async () => {};
  return store;
};

export const ocodaStream = (stream: string): EventStream => EventStream.for(Conversation, Id.from(stream));
