import type { Contender } from "../../harness/contender.ts";
import { castoreOnTable, createCastoreTable, eventDetail, summaryReducer } from "../../peers/castore.ts";
import { inClients } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { decidedAt, eventsPerDecision, historyOf, streamOf } from "../../shared/history.ts";
import { checkSummaries, type Summaries } from "../../shared/summaries.ts";
import { conversations, eventsEach, sample, table } from "./work.ts";

const atOnce = 16;

export const contender: Contender = {
  async prepare({ endpoint, scaled }) {
    const client = newClient(endpoint);
    await createCastoreTable(client, table("castore"));
    const store = castoreOnTable(client, table("castore"));
    await inClients(
      atOnce,
      Math.ceil(scaled(conversations) / atOnce),
      () => {},
      async (own, step) => {
        const conversation = step * atOnce + own;
        if (conversation >= scaled(conversations)) return;
        for (const [index, event] of historyOf(conversation, eventsEach).entries()) {
          const at = decidedAt(Math.floor(index / eventsPerDecision));
          await store.pushEvent(eventDetail(streamOf(conversation), index + 1, event, at) as never);
        }
      },
    );
    client.destroy();
  },

  async open({ endpoint, scaled }) {
    const client = newClient(endpoint);
    const store = castoreOnTable(client, table("castore"), summaryReducer);
    const rebuildAll = async (limit = Infinity): Promise<Summaries> => {
      const summaries: Summaries = new Map();
      const ids: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = await store.listAggregateIds(pageToken === undefined ? {} : { pageToken });
        ids.push(...page.aggregateIds.map(({ aggregateId }) => aggregateId));
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      const waiting = ids.slice(0, limit);
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
            const { aggregate } = await store.getAggregate(id);
            if (aggregate) summaries.set(id, aggregate as never);
          }
        }),
      );
      return summaries;
    };
    let rows: Summaries = new Map();
    return {
      warmUp: async () => void (await rebuildAll(20)),
      run: (time) =>
        time(sample, scaled(conversations) * eventsEach, async () => {
          rows = await rebuildAll();
        }),
      async verify() {
        checkSummaries([...rows.values()], scaled(conversations), eventsEach);
        client.destroy();
      },
    };
  },
};
