/** Castore 2 with its DynamoDB adapter, as its documentation has it. */
import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  TransactWriteItemsCommand,
  waitUntilTableExists,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { EventStore, EventType } from "@castore/core";
import { DynamoDBSingleTableEventStorageAdapter } from "@castore/event-storage-adapter-dynamodb";
import type { ConversationEvent } from "../../packages/core/events/conversation.ts";
import { conversationList, type ConversationSummary } from "../../packages/core/views/conversation-list.ts";
import type { ConversationRecord } from "../../packages/core/views/view.ts";
import { evolveByCopy, nothingYet, type CopiedConversation } from "./conversation-by-copy.ts";

type Detail = { aggregateId: string; version: number; type: string; timestamp: string; payload: unknown };
type Aggregate = CopiedConversation & { aggregateId: string };

const types = [
  "ConversationStarted",
  "ContactIdentified",
  "MessageReceived",
  "ReactionReceived",
  "DeliveryStatusReceived",
  "ReplyStarted",
  "ReplyGenerated",
  "ReplyWithheld",
  "SendRequested",
  "SendStarted",
  "MessageSent",
].map((type) => new EventType<string, unknown>({ type }));

const reducer = (aggregate: Aggregate | undefined, event: Detail): Aggregate => ({
  ...evolveByCopy(aggregate ?? nothingYet, { type: event.type, data: event.payload } as ConversationEvent, {
    version: event.version,
    at: event.timestamp,
  }),
  aggregateId: event.aggregateId,
});

/** The fold of the list of conversations. */
export const summaryReducer = (summary: ConversationSummary | undefined, event: Detail) => ({
  ...conversationList.evolve(summary, {
    type: event.type,
    data: event.payload,
    stream: event.aggregateId,
    version: event.version,
    at: event.timestamp,
    commitId: "",
  } as ConversationRecord),
  aggregateId: event.aggregateId,
});

export const castoreStore = (adapter?: DynamoDBSingleTableEventStorageAdapter, fold: unknown = reducer) =>
  new EventStore({
    eventStoreId: "CONVERSATIONS",
    eventTypes: types,
    reducer: fold as never,
    ...(adapter && { eventStorageAdapter: adapter }),
  });

export const castoreOnTable = (client: DynamoDBClient, tableName: string, fold: unknown = reducer) =>
  castoreStore(new DynamoDBSingleTableEventStorageAdapter({ tableName, dynamoDBClient: client }), fold);

export const eventDetail = (
  aggregateId: string,
  version: number,
  { type, data }: ConversationEvent,
  timestamp = new Date().toISOString(),
): Detail => ({ aggregateId, version, type, payload: data, timestamp });

/** Its table, with the index of initial events that `listAggregateIds` reads. */
export const createCastoreTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "aggregateId", AttributeType: "S" },
        { AttributeName: "version", AttributeType: "N" },
        { AttributeName: "eventStoreId", AttributeType: "S" },
        { AttributeName: "timestamp", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "aggregateId", KeyType: "HASH" },
        { AttributeName: "version", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "initialEvents",
          KeySchema: [
            { AttributeName: "eventStoreId", KeyType: "HASH" },
            { AttributeName: "timestamp", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, minDelay: 0.02, maxDelay: 2, maxWaitTime: 60 }, { TableName });
};

/** Whether the server knows transactions, without which Castore has no event groups. */
export const hasTransactions = async (client: DynamoDBClient): Promise<boolean> => {
  const nothing = { TableName: `no-such-table-${randomUUID()}`, Key: { pk: { S: "nothing" } } };
  const ask = new TransactWriteItemsCommand({ TransactItems: [{ Delete: nothing }] });
  const name = await client.send(ask).then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.name : ""),
  );
  return name !== "UnknownOperationException";
};

/** Our reducer's type is not in the store's, so neither is its aggregate's. */
export const versionOf = (aggregate: unknown): number => (aggregate as Aggregate | undefined)?.version ?? 0;
