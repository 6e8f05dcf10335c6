import { EventStore } from "@castore/core";
import type { Contender } from "../../harness/contender.ts";
import { castoreOnTable, createCastoreTable, eventDetail, hasTransactions } from "../../peers/castore.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { eventsOf, eventsPerDecision, streamOf } from "../../shared/history.ts";
import { clients, decisionsEach, warmUps } from "./load.ts";
import { sample } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName, scaled }) {
    const client = newClient(endpoint);
    await createCastoreTable(client, roundName);
    const store = castoreOnTable(client, roundName);
    const inGroups = await hasTransactions(client);
    const each = scaled(decisionsEach);
    const push = async (conversation: number, decision: number): Promise<void> => {
      const details = eventsOf(conversation, decision).map((event, index) =>
        eventDetail(streamOf(conversation), decision * eventsPerDecision + index + 1, event),
      );
      if (!inGroups) {
        for (const detail of details) await store.pushEvent(detail as never);
        return;
      }
      const [first, ...rest] = details.map((detail) => store.groupEvent(detail as never));
      if (first)
        await EventStore.pushEventGroup(
          ...([first, ...rest] as never as Parameters<typeof EventStore.pushEventGroup>),
        );
    };
    return {
      warmUp: () =>
        inClients(
          clients,
          warmUps,
          () => {},
          (own, decision) => push(clients + own, decision),
        ),
      run: (time) =>
        time(sample, clients * each * eventsPerDecision, (lap) => inClients(clients, each, lap, push)),
      async verify() {
        for (let own = 0; own < clients; own++) {
          const { events } = await store.getEvents(streamOf(own));
          mustBe(
            "versions",
            events.map(({ version }) => version),
            Array.from({ length: each * eventsPerDecision }, (_, index) => index + 1),
          );
        }
        client.destroy();
      },
    };
  },
};
