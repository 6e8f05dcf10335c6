import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { localServer } from "../testing/dynamo-commit-log.ts";
import { dynamoClient } from "./dynamo-client.ts";

const config = localServer("http://127.0.0.1:1");
const steps = (client: DynamoDBClient) =>
  client.middlewareStack.identify().map((step) => step.split(" - ")[0] ?? "");

it("is the SDK's client, with all its steps but the one for logs", () => {
  const isForLogs = (step: string) => step.startsWith("loggerMiddleware");
  const bare = steps(new DynamoDBClient(config));
  expect(bare.filter(isForLogs)).toHaveLength(1);
  expect(steps(dynamoClient(config))).toEqual(bare.filter((step) => !isForLogs(step)));
});
