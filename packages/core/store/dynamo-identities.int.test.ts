import { describe, inject } from "vitest";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { dynamoIdentities } from "./dynamo-identities.ts";
import { identitiesContract } from "./identities.contract.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  identitiesContract("DynamoDB", async () =>
    dynamoIdentities(await newDynamoTable(endpoint ?? "", "identities")),
  );
});
