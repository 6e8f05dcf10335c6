import { describe, inject } from "vitest";
import { newDynamoCommitLog } from "../testing/dynamo-commit-log.ts";
import { commitLogContract } from "./commit-log.contract.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  commitLogContract("DynamoDB", async () => newDynamoCommitLog(endpoint ?? ""));
});
