import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Contender } from "../../harness/contender.ts";
import { createTables, commitTables } from "../../../packages/core/store/dynamo-tables.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { countItems, newClient } from "../../shared/dynamo.ts";
import { eventsOf, eventsPerDecision, streamOf } from "../../shared/history.ts";
import { clients, decisionsEach, warmUps } from "./load.ts";
import { sample } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName, scaled }) {
    const client = newClient(endpoint);
    await createTables(client, commitTables({ table: roundName, snapshotsTable: `${roundName}-snapshots` }));
    const each = scaled(decisionsEach);
    const put = async (conversation: number, decision: number): Promise<void> => {
      const Item = {
        pk: { S: streamOf(conversation) },
        sk: { N: String(decision * eventsPerDecision + 1) },
        body: { B: Buffer.from(JSON.stringify(eventsOf(conversation, decision))) },
      };
      await client.send(
        new PutItemCommand({ TableName: roundName, Item, ConditionExpression: "attribute_not_exists(pk)" }),
      );
    };
    return {
      warmUp: () =>
        inClients(
          clients,
          warmUps,
          () => {},
          (own, decision) => put(clients + own, decision),
        ),
      run: (time) =>
        time(sample, clients * each * eventsPerDecision, (lap) => inClients(clients, each, lap, put)),
      async verify() {
        mustBe("items", await countItems(client, roundName), clients * (each + warmUps));
        client.destroy();
      },
    };
  },
};
