import { join } from "node:path";
import { openSqlite } from "../../../packages/core/store/sqlite.ts";
import type { Contender } from "../../harness/contender.ts";
import { openEmmett } from "../../peers/emmett.ts";
import { decidedAt, eventsPerDecision, historyOf, streamOf } from "../../shared/history.ts";
import {
  checkSummaries,
  evolveSummary,
  readSummaries,
  writeSummaries,
  type Summaries,
} from "../../shared/summaries.ts";
import { conversations, eventsEach, sample } from "./work.ts";

export const contender: Contender = {
  async prepare({ preparedDir, scaled }) {
    const store = await openEmmett(join(preparedDir, "events.db"));
    for (let conversation = 0; conversation < scaled(conversations); conversation++)
      await store.appendToStream(streamOf(conversation), historyOf(conversation, eventsEach) as never);
  },

  async open({ preparedDir, roundDir, scaled }) {
    const store = await openEmmett(join(preparedDir, "events.db"));
    const rows = openSqlite(join(roundDir, "views.db"), { durability: "normal" });
    const count = scaled(conversations) * eventsEach;
    const fold = async (upTo: number, processorId: string): Promise<Summaries> => {
      const summaries: Summaries = new Map();
      let folded = 0;
      const consumer = store.consumer({ pulling: { batchSize: 1_000, pullingFrequencyInMs: 0 } });
      consumer.processor({
        processorId,
        startFrom: "BEGINNING",
        stopAfter: () => folded >= upTo,
        eachMessage: ({ type, data, metadata }) => {
          folded++;
          const version = Number(metadata.streamPosition);
          const at = decidedAt(Math.floor((version - 1) / eventsPerDecision));
          evolveSummary(summaries, {
            type,
            data,
            stream: metadata.streamName,
            version,
            at,
            commitId: "",
          } as never);
        },
      });
      await consumer.start();
      return summaries;
    };
    return {
      warmUp: async () => void (await fold(Math.min(count, 4_000), `warm-${roundDir}`)),
      run: (time) => time(sample, count, async () => writeSummaries(rows, await fold(count, roundDir))),
      async verify() {
        checkSummaries(readSummaries(rows), scaled(conversations), eventsEach);
        rows.close();
      },
    };
  },
};
