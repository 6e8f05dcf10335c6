import { join } from "node:path";
import { openSqlite } from "../../../packages/core/store/sqlite.ts";
import type { Contender } from "../../harness/contender.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { streamOf } from "../../shared/history.ts";
import { eventOf } from "./event.ts";
import { appends, clients, samples, warmUps } from "./work.ts";

export const contender: Contender = {
  async open({ roundDir, scaled }) {
    const database = openSqlite(join(roundDir, "events.db"), { durability: "full" });
    database.exec(
      "CREATE TABLE events (stream TEXT NOT NULL, version INTEGER NOT NULL, event TEXT NOT NULL, UNIQUE (stream, version)) STRICT",
    );
    const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?)");
    const append = (first: number) => async (own: number, step: number) => {
      insert.run(streamOf(first + own), step + 1, JSON.stringify(eventOf(first + own, step)));
    };
    const [many, one] = [scaled(appends.many), scaled(appends.one)];
    return {
      warmUp: () => inClients(clients, warmUps, () => {}, append(200)),
      async run(time) {
        await time(samples.many, clients * many, (lap) => inClients(clients, many, lap, append(0)));
        await time(samples.one, one, (lap) => inClients(1, one, lap, append(100)));
      },
      async verify() {
        const { count } = database.prepare("SELECT count(*) AS count FROM events").get() ?? {};
        mustBe("events", Number(count), clients * (many + warmUps) + one);
        database.close();
      },
    };
  },
};
