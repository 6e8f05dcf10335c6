import {
  CreateTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";

const activeWithinSeconds = 60;

/** The tables of `dynamoCommitLog`. The stream of commits is the outbox (D5). */
export const commitTables = (names: { table: string; snapshotsTable: string }): CreateTableCommandInput[] => [
  {
    TableName: names.table,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "N" },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  },
  {
    TableName: names.snapshotsTable,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  },
];

/** Creates those that are missing and waits until all can be used. For tests and local servers: `stacks/` makes the real ones. */
export const createTables = async (
  client: DynamoDBClient,
  tables: readonly CreateTableCommandInput[],
): Promise<void> => {
  await Promise.all(
    tables.map(async (table) => {
      await client.send(new CreateTableCommand(table)).catch((error: unknown) => {
        if (!(error instanceof ResourceInUseException)) throw error;
      });
      await waitUntilTableExists(
        { client, minDelay: 1, maxDelay: 2, maxWaitTime: activeWithinSeconds },
        { TableName: table.TableName },
      );
    }),
  );
};
