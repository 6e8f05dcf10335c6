import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { TableName } from "../store/dynamo-schemas.ts";
import { createTables, tableInput } from "../store/dynamo-tables.ts";
import { localServer } from "./dynamo-commit-log.ts";

/** A new table on a compatible server, and a client to it. */
export const newDynamoTable = async (
  endpoint: string,
  schema: TableName,
  client = new DynamoDBClient(localServer(endpoint)),
): Promise<{ client: DynamoDBClient; table: string }> => {
  const table = `${schema}-${randomUUID()}`;
  await createTables(client, [tableInput(schema, table)]);
  return { client, table };
};
