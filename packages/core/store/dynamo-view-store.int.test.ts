import { describe, inject } from "vitest";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { dynamoViewStore } from "./dynamo-view-store.ts";
import { viewStoreContract } from "./view-store.contract.ts";

const endpoint = inject("dynamodbEndpoint");

describe.skipIf(endpoint === undefined)("on DynamoDB Local", () => {
  viewStoreContract("DynamoDB", async () => dynamoViewStore(await newDynamoTable(endpoint ?? "", "views")));
});
