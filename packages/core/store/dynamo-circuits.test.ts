import { afterAll, beforeAll } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { circuitsContract } from "./circuits.contract.ts";
import { dynamoCircuits } from "./dynamo-circuits.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

circuitsContract("DynamoDB (dynalite)", async () => {
  const options = await newDynamoTable(server.endpoint, "limits");
  return [dynamoCircuits(options), dynamoCircuits(options)];
});
