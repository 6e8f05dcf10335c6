import { describe, inject } from "vitest";
import { newLimitsTable } from "../testing/limits-table.ts";
import { dynamoTally } from "./dynamo-tally.ts";
import { tallyContract } from "./tally.contract.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  tallyContract("DynamoDB", async (nowMs) => {
    const options = await newLimitsTable(endpoint ?? "");
    return [dynamoTally(options, nowMs), dynamoTally(options, nowMs)];
  });
});
