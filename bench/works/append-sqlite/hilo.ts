import { join } from "node:path";
import { sqliteCommitLog } from "../../../packages/core/store/sqlite-commit-log.ts";
import { openSqlite } from "../../../packages/core/store/sqlite.ts";
import type { Contender, Lap } from "../../harness/contender.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { appendDecision, hiloStore, onDisk } from "../../shared/hilo-store.ts";
import { streamOf } from "../../shared/history.ts";
import { eventOf } from "./event.ts";
import { appends, clients, samples, warmUps } from "./work.ts";

export const contender: Contender = {
  async open({ roundDir, scaled }) {
    const database = openSqlite(join(roundDir, "events.db"), { durability: "full" });
    const store = hiloStore(sqliteCommitLog(database), {
      peopleFile: join(roundDir, "people.db"),
      ...onDisk,
    });
    const append = (first: number) => (own: number, step: number) =>
      appendDecision(store, first + own, step, [eventOf(first + own, step)], step);
    const alone = 100;
    const [many, one] = [scaled(appends.many), scaled(appends.one)];
    return {
      warmUp: () => inClients(clients, warmUps, () => {}, append(200)),
      async run(time) {
        await time(samples.many, clients * many, (lap: Lap) => inClients(clients, many, lap, append(0)));
        await time(samples.one, one, (lap) => inClients(1, one, lap, append(alone)));
      },
      async verify() {
        for (const [conversation, count] of [
          ...Array.from({ length: clients }, (_, own) => [own, many] as const),
          [alone, one] as const,
        ]) {
          const events = [];
          for await (const page of store.read(streamOf(conversation))) events.push(...page);
          mustBe(
            "what is read",
            events.map(({ type, data, version }) => ({ type, data, version })),
            Array.from({ length: count }, (_, step) => ({
              ...eventOf(conversation, step),
              version: step + 1,
            })),
          );
        }
        database.close();
      },
    };
  },
};
