import type { Contender } from "../../harness/contender.ts";
import { castoreOnTable, createCastoreTable, eventDetail, versionOf } from "../../peers/castore.ts";
import { mustBe } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { decidedAt, historyOf, streamOf } from "../../shared/history.ts";
import { sampleOf } from "./work.ts";

const table = "load-castore";
const sizes = [10, 1_000] as const;
const loads = [60, 10] as const;

export const contender: Contender = {
  async prepare({ endpoint }) {
    const client = newClient(endpoint);
    await createCastoreTable(client, table);
    const store = castoreOnTable(client, table);
    for (const [conversation, size] of sizes.entries())
      for (const [index, event] of historyOf(conversation, size).entries())
        await store.pushEvent(
          eventDetail(streamOf(conversation), index + 1, event, decidedAt(index)) as never,
        );
    client.destroy();
  },

  async open({ endpoint }) {
    const client = newClient(endpoint);
    const store = castoreOnTable(client, table);
    const get = (conversation: number) => store.getAggregate(streamOf(conversation));
    return {
      async warmUp() {
        for (let time = 0; time < 5; time++) await get(0);
        await get(1);
      },
      async run(time) {
        for (const [conversation, size] of sizes.entries()) {
          const times = loads[conversation] ?? 1;
          await time(sampleOf(size), times, async (lap) => {
            for (let once = 0; once < times; once++) {
              const startedAt = performance.now();
              await get(conversation);
              lap(performance.now() - startedAt);
            }
          });
        }
      },
      async verify() {
        for (const [conversation, size] of sizes.entries())
          mustBe("version", versionOf((await get(conversation)).aggregate), size);
        client.destroy();
      },
    };
  },
};
