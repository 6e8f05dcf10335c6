import { join } from "node:path";
import { openItem } from "../../../packages/core/store/project.ts";
import { rebuild } from "../../../packages/core/store/rebuild.ts";
import { sqliteCommitLog } from "../../../packages/core/store/sqlite-commit-log.ts";
import { openSqlite } from "../../../packages/core/store/sqlite.ts";
import { sqliteViewStore } from "../../../packages/core/store/sqlite-view-store.ts";
import { conversationList } from "../../../packages/core/views/conversation-list.ts";
import type { Contender } from "../../harness/contender.ts";
import { appendDecision, hiloStore, onDisk } from "../../shared/hilo-store.ts";
import { eventsPerDecision, streamOf } from "../../shared/history.ts";
import { checkSummaries } from "../../shared/summaries.ts";
import { conversations, eventsEach, sample } from "./work.ts";

const openStore = (directory: string) =>
  hiloStore(sqliteCommitLog(openSqlite(join(directory, "events.db"), { durability: "full" })), {
    peopleFile: join(directory, "people.db"),
    masterKey: Buffer.alloc(32, 1),
    ...onDisk,
  });

export const contender: Contender = {
  async prepare({ preparedDir, scaled }) {
    const store = openStore(preparedDir);
    for (let decision = 0; decision < eventsEach / eventsPerDecision; decision++)
      await Promise.all(
        Array.from({ length: scaled(conversations) }, (_, conversation) =>
          appendDecision(store, conversation, decision),
        ),
      );
  },

  async open({ preparedDir, roundDir, scaled }) {
    const store = openStore(preparedDir);
    const count = scaled(conversations);
    const open = (name: string) =>
      sqliteViewStore(openSqlite(join(roundDir, name), { durability: "normal" }));
    const views = open("views.db");
    return {
      async warmUp() {
        const warm = open("warm.db");
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
      },
    };
  },
};
