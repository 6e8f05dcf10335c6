import { describe, inject } from "vitest";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { circuitsContract } from "./circuits.contract.ts";
import { dynamoCircuits } from "./dynamo-circuits.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  circuitsContract("DynamoDB", async () => {
    const options = await newDynamoTable(endpoint ?? "", "limits");
    return [dynamoCircuits(options), dynamoCircuits(options)];
  });
});
