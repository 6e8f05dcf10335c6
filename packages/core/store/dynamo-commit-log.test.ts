import { afterAll, beforeAll } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoCommitLog } from "../testing/dynamo-commit-log.ts";
import { commitLogContract } from "./commit-log.contract.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

commitLogContract("DynamoDB (dynalite)", async () => newDynamoCommitLog(server.endpoint), {
  feed: "dynalite has no Streams",
  size: "dynalite does not count items",
});
