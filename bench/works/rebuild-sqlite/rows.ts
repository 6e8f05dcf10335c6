import { join } from "node:path";
import { openSqlite } from "../../../packages/core/store/sqlite.ts";
import type { ConversationEvent } from "../../../packages/core/events/conversation.ts";
import type { Contender } from "../../harness/contender.ts";
import { decidedAt, eventsOf, eventsPerDecision, streamOf } from "../../shared/history.ts";
import {
  checkSummaries,
  evolveSummary,
  readSummaries,
  writeSummaries,
  type Summaries,
} from "../../shared/summaries.ts";
import { chunks } from "../../../packages/core/store/dynamo-batches.ts";
import { conversations, eventsEach, sample } from "./work.ts";

type Row = { stream: string; version: number; at: string; events: string };

/** Reads and folds plain JSON, and writes the rows. A row holds so many events. */
export const reading = (eventsPerRow: number): Contender => ({
  async prepare({ preparedDir, scaled }) {
    const database = openSqlite(join(preparedDir, "events.db"), { durability: "full" });
    database.exec(
      "CREATE TABLE commits (stream TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, events TEXT NOT NULL, UNIQUE (stream, version)) STRICT; BEGIN",
    );
    const insert = database.prepare("INSERT INTO commits VALUES (?, ?, ?, ?)");
    for (let decision = 0; decision < eventsEach / eventsPerDecision; decision++)
      for (let conversation = 0; conversation < scaled(conversations); conversation++)
        for (const [place, events] of chunks(eventsOf(conversation, decision), eventsPerRow).entries())
          insert.run(
            streamOf(conversation),
            decision * eventsPerDecision + place * eventsPerRow + 1,
            decidedAt(decision),
            JSON.stringify(events),
          );
    database.exec("COMMIT");
    database.close();
  },

  async open({ preparedDir, roundDir, scaled }) {
    const database = openSqlite(join(preparedDir, "events.db"), { durability: "full" });
    const read = database.prepare("SELECT stream, version, at, events FROM commits ORDER BY stream, version");
    const rows = openSqlite(join(roundDir, "views.db"), { durability: "normal" });
    const fold = (): Summaries => {
      const summaries: Summaries = new Map();
      for (const { stream, version, at, events } of read.iterate() as Iterable<Row>)
        for (const [index, event] of (JSON.parse(events) as ConversationEvent[]).entries())
          evolveSummary(summaries, { ...event, stream, version: version + index, at, commitId: "" });
      return summaries;
    };
    return {
      async warmUp() {
        for (let time = 0; time < 3; time++) fold();
      },
      run: (time) => time(sample, scaled(conversations) * eventsEach, () => writeSummaries(rows, fold())),
      async verify() {
        checkSummaries(readSummaries(rows), scaled(conversations), eventsEach);
        database.close();
        rows.close();
      },
    };
  },
});
