import type { Contender } from "../../harness/contender.ts";
import { Fact, ocodaStore, ocodaStream } from "../../peers/ocoda.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { eventsOf, eventsPerDecision, historyOf, streamOf } from "../../shared/history.ts";
import { clients, decisionsEach, warmUps } from "./load.ts";
import { sample } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName, scaled }) {
    const client = newClient(endpoint);
    const store = await ocodaStore(client, roundName);
    const each = scaled(decisionsEach);
    const append = async (conversation: number, decision: number): Promise<void> => {
      const events = eventsOf(conversation, decision).map((event) => new Fact(event));
      await store.appendEvents(
        ocodaStream(streamOf(conversation)),
        (decision + 1) * eventsPerDecision,
        events as never,
        roundName as never,
      );
    };
    return {
      warmUp: () =>
        inClients(
          clients,
          warmUps,
          () => {},
          (own, decision) => append(clients + own, decision),
        ),
      run: (time) =>
        time(sample, clients * each * eventsPerDecision, (lap) => inClients(clients, each, lap, append)),
      async verify() {
        const wanted = historyOf(0, each * eventsPerDecision);
        const found: unknown[] = [];
        for await (const page of store.getEvents(ocodaStream(streamOf(0)), {
          pool: roundName as never,
          batch: wanted.length,
        }))
          found.push(...(page as unknown as Fact[]).map(({ happened }) => happened));
        mustBe("events", found, wanted);
        client.destroy();
      },
    };
  },
};
