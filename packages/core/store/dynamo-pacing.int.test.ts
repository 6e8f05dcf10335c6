import { describe, inject } from "vitest";
import { newLimitsTable } from "../testing/limits-table.ts";
import { dynamoPacing } from "./dynamo-pacing.ts";
import { pacingContract } from "./pacing.contract.ts";
import { setTimeout as sleep } from "node:timers/promises";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  pacingContract(
    "DynamoDB",
    async () => {
      const options = { ...(await newLimitsTable(endpoint ?? "")), random: Math.random, sleep };
      return [dynamoPacing(options), dynamoPacing(options)];
    },
    { runs: 10 },
  );
});
