import { afterAll, beforeAll } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { dynamoTally } from "./dynamo-tally.ts";
import { tallyContract } from "./tally.contract.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

tallyContract("DynamoDB (dynalite)", async (nowMs) => {
  const options = await newDynamoTable(server.endpoint, "limits");
  return [dynamoTally(options, nowMs), dynamoTally(options, nowMs)];
});
