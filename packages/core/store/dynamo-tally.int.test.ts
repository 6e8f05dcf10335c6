import { describe, inject } from "vitest";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { dynamoTally } from "./dynamo-tally.ts";
import { tallyContract } from "./tally.contract.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  tallyContract("DynamoDB", async (nowMs) => {
    const options = await newDynamoTable(endpoint ?? "", "limits");
    return [dynamoTally(options, nowMs), dynamoTally(options, nowMs)];
  });
});
