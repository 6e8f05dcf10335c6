import { describe, inject } from "vitest";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { dynamoPacing } from "./dynamo-pacing.ts";
import { pacingContract } from "./pacing.contract.ts";
import { setTimeout as sleep } from "node:timers/promises";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  pacingContract(
    "DynamoDB",
    async () => {
      const options = { ...(await newDynamoTable(endpoint ?? "", "limits")), random: Math.random, sleep };
      return [dynamoPacing(options), dynamoPacing(options)];
    },
    { runs: 10 },
  );
});
