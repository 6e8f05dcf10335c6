import { join } from "node:path";
import { readMessagesBatch, sqliteConnection } from "@event-driven-io/emmett-sqlite";
import { openSqlite } from "../../../packages/core/store/sqlite.ts";
import type { Contender } from "../../harness/contender.ts";
import { decidedAt, eventsPerDecision } from "../../shared/history.ts";
import {
  checkSummaries,
  evolveSummary,
  readSummaries,
  writeSummaries,
  type Summaries,
} from "../../shared/summaries.ts";
import { contender as consumer } from "./emmett.ts";
import { conversations, eventsEach, sample } from "./work.ts";

const batchSize = 1_000;

/** By hand, with what it exports besides. */
export const contender: Contender = {
  ...consumer,

  async open({ preparedDir, roundDir, scaled }) {
    const connection = sqliteConnection({ fileName: join(preparedDir, "events.db") });
    const rows = openSqlite(join(roundDir, "views.db"), { durability: "normal" });
    const count = scaled(conversations) * eventsEach;
    const fold = async (upTo: number): Promise<Summaries> => {
      const summaries: Summaries = new Map();
      for (let after = 0n, folded = 0; folded < upTo;) {
        const batch = await readMessagesBatch(connection, { after, batchSize });
        if (batch.messages.length === 0) break;
        for (const { type, data, metadata } of batch.messages) {
          const version = Number(metadata.streamPosition);
          const at = decidedAt(Math.floor((version - 1) / eventsPerDecision));
          const place = { stream: metadata.streamName, version, at, commitId: "" };
          evolveSummary(summaries, { type, data, ...place } as never);
        }
        after = batch.currentGlobalPosition;
        folded += batch.messages.length;
      }
      return summaries;
    };
    return {
      warmUp: async () => void (await fold(Math.min(count, 12_000))),
      run: (time) => time(sample, count, async () => writeSummaries(rows, await fold(count))),
      async verify() {
        checkSummaries(readSummaries(rows), scaled(conversations), eventsEach);
        connection.close();
        rows.close();
      },
    };
  },
};
