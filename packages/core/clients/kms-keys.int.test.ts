import { describe, inject } from "vitest";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { fakeKms } from "../testing/fake-kms.ts";
import { keysContract } from "./keys.contract.ts";
import { kmsKeys } from "./kms-keys.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  keysContract("KMS and DynamoDB", async () => {
    const { client: dynamo, table } = await newDynamoTable(endpoint ?? "", "keys");
    const { client: kms } = fakeKms("key-1");
    return async () => kmsKeys({ kms, dynamo, table, keyId: "key-1" });
  });
});
