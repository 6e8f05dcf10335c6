// npm run cost: plays an exchange on DynamoDB Local and writes docs/cost.md from what it took.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { startDynamodbLocal } from "../../support/dynamodb-local/dynamodb-local.ts";
import { conversationOnDynamo, steps } from "../recorded-conversation.ts";
import { costOf } from "./cost.ts";
import { costPage } from "./page.ts";

const server = await startDynamodbLocal();
if ("unavailable" in server) {
  console.error(`docs/cost.md needs DynamoDB Local: ${server.unavailable}`);
  process.exit(1);
}
const conversation = await conversationOnDynamo(server.endpoint);
await conversation.exchange(steps);
const alone = costOf(await conversation.exchange(steps));
const batched = costOf(await conversation.exchange(["delivered", "read"]));
writeFileSync(path.resolve(import.meta.dirname, "../../../docs/cost.md"), costPage(alone, batched));
console.log("Wrote docs/cost.md");
server.stop();
process.exit();
