import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { onTestFinished } from "vitest";
import { createTables, tableInput } from "../store/dynamo-tables.ts";
import { localServer } from "./dynamo-commit-log.ts";

/** A new table of a compatible server, and what a process needs to use it. Call it within a test. */
export const newLimitsTable = async (endpoint: string) => {
  const client = new DynamoDBClient(localServer(endpoint));
  onTestFinished(() => client.destroy());
  const table = `limits-${randomUUID()}`;
  await createTables(client, [tableInput("limits", table)]);
  return { client, table };
};
