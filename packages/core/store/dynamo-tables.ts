import {
  CreateTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { tableSchemas, type TableName, type TableSchema } from "./dynamo-schemas.ts";

const activeWithinSeconds = 60;

const types = { string: "S", number: "N", binary: "B" } as const;

/** The table of one of the schemas, as DynamoDB wants to be asked for it. */
export const tableInput = (schema: TableName, table: string): CreateTableCommandInput => {
  const { fields, primaryIndex, globalIndexes = {}, stream }: TableSchema = tableSchemas[schema];
  return {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: Object.entries(fields).map(([name, type]) => ({
      AttributeName: name,
      AttributeType: types[type],
    })),
    KeySchema: keySchema(primaryIndex),
    ...(Object.keys(globalIndexes).length > 0 && {
      GlobalSecondaryIndexes: Object.entries(globalIndexes).map(([name, keys]) => ({
        IndexName: name,
        KeySchema: keySchema(keys),
        Projection: { ProjectionType: "KEYS_ONLY" },
      })),
    }),
    ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } }),
  };
};

const keySchema = ({ hashKey, rangeKey }: TableSchema["primaryIndex"]) => [
  { AttributeName: hashKey, KeyType: "HASH" as const },
  ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
];

/** The tables of `dynamoCommitLog`. The stream of commits is the outbox (D5). */
export const commitTables = (names: { table: string; snapshotsTable: string }): CreateTableCommandInput[] => [
  tableInput("events", names.table),
  tableInput("snapshots", names.snapshotsTable),
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
        { client, minDelay: 0.02, maxDelay: 2, maxWaitTime: activeWithinSeconds },
        { TableName: table.TableName },
      );
    }),
  );
};
