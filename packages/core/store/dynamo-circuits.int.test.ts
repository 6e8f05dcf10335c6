import { describe, inject } from "vitest";
import { newLimitsTable } from "../testing/limits-table.ts";
import { circuitsContract } from "./circuits.contract.ts";
import { dynamoCircuits } from "./dynamo-circuits.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  circuitsContract("DynamoDB", async () => {
    const options = await newLimitsTable(endpoint ?? "");
    return [dynamoCircuits(options), dynamoCircuits(options)];
  });
});
