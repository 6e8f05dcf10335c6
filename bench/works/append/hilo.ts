import type { Contender } from "../../harness/contender.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { hiloClient, newLog } from "../../shared/dynamo.ts";
import { appendDecision, hiloStore } from "../../shared/hilo-store.ts";
import { eventsPerDecision, historyOf, streamOf } from "../../shared/history.ts";
import { clients, decisionsEach, warmUps } from "./load.ts";
import { sample } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName, scaled }) {
    const client = hiloClient(endpoint);
    const store = hiloStore(await newLog(client, roundName));
    const each = scaled(decisionsEach);
    return {
      warmUp: () =>
        inClients(
          clients,
          warmUps,
          () => {},
          (own, decision) => appendDecision(store, clients + own, decision),
        ),
      run: (time) =>
        time(sample, clients * each * eventsPerDecision, (lap) =>
          inClients(clients, each, lap, (own, decision) => appendDecision(store, own, decision)),
        ),
      async verify() {
        for (let own = 0; own < clients; own++) {
          const events = [];
          for await (const page of store.read(streamOf(own))) events.push(...page);
          mustBe(
            "what is read",
            events.map(({ type, data }) => ({ type, data })),
            historyOf(own, each * eventsPerDecision),
          );
          mustBe(
            "versions",
            events.map(({ version }) => version),
            events.map((_, index) => index + 1),
          );
        }
        client.destroy();
      },
    };
  },
};
