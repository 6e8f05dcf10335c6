import { join } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createTables, tableInput } from "../../../packages/core/store/dynamo-tables.ts";
import { dynamoViewStore } from "../../../packages/core/store/dynamo-view-store.ts";
import { openItem } from "../../../packages/core/store/project.ts";
import { rebuild } from "../../../packages/core/store/rebuild.ts";
import { conversationList } from "../../../packages/core/views/conversation-list.ts";
import type { Contender } from "../../harness/contender.ts";
import { hiloClient, newLog, writeCommits } from "../../shared/dynamo.ts";
import { commitOf, hiloStore } from "../../shared/hilo-store.ts";
import { eventsPerDecision, streamOf } from "../../shared/history.ts";
import { checkSummaries } from "../../shared/summaries.ts";
import { conversations, eventsEach, sample, table } from "./work.ts";

const openStore = async (client: DynamoDBClient, directory: string) =>
  hiloStore(await newLog(client, table("hilo")), {
    peopleFile: join(directory, "people.db"),
    masterKey: Buffer.alloc(32, 1),
  });

export const contender: Contender = {
  async prepare({ endpoint, preparedDir, scaled }) {
    const client = hiloClient(endpoint);
    const store = await openStore(client, preparedDir);
    const decisions = eventsEach / eventsPerDecision;
    const makers = Array.from(
      { length: scaled(conversations) * decisions },
      (_, index) => () => commitOf(store, Math.floor(index / decisions), index % decisions),
    );
    await writeCommits(client, table("hilo"), makers);
    client.destroy();
  },

  async open({ endpoint, preparedDir, roundName, scaled }) {
    const client = hiloClient(endpoint);
    const store = await openStore(client, preparedDir);
    const open = async (name: string) => {
      await createTables(client, [tableInput("views", name)]);
      return dynamoViewStore({ client, table: name });
    };
    const [warm, views] = [await open(`${roundName}-warm`), await open(roundName)];
    const count = scaled(conversations);
    return {
      async warmUp() {
        for (let time = 0; time < 3; time++) await rebuild({ store, views: warm }, conversationList);
      },
      run: (time) => time(sample, count * eventsEach, () => rebuild({ store, views }, conversationList)),
      async verify() {
        const generation = await views.current(conversationList.name);
        const summaries = [];
        for (let conversation = 0; conversation < count; conversation++) {
          const stream = streamOf(conversation);
          for (const item of await views.items(generation, stream, "all")) {
            const summary = await openItem({ store }, conversationList, stream, item);
            if (summary) summaries.push(summary);
          }
        }
        checkSummaries(summaries, count, eventsEach);
        client.destroy();
      },
    };
  },
};
