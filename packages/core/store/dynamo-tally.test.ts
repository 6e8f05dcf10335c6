import { afterAll, beforeAll } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newLimitsTable } from "../testing/limits-table.ts";
import { dynamoTally } from "./dynamo-tally.ts";
import { tallyContract } from "./tally.contract.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

tallyContract("DynamoDB (dynalite)", async (nowMs) => {
  const options = await newLimitsTable(server.endpoint);
  return [dynamoTally(options, nowMs), dynamoTally(options, nowMs)];
});
