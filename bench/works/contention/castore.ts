import type { Contender } from "../../harness/contender.ts";
import { castoreOnTable, createCastoreTable, eventDetail, versionOf } from "../../peers/castore.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { eventsOf, eventsPerDecision, streamOf } from "../../shared/history.ts";
import { messageOf } from "./message.ts";
import { decisionsEach, sample, writers } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName }) {
    const client = newClient(endpoint);
    await createCastoreTable(client, roundName);
    const store = castoreOnTable(client, roundName);
    const write = async (conversation: number, writer: number, step: number): Promise<void> => {
      for (;;) {
        const { aggregate } = await store.getAggregate(streamOf(conversation));
        const version = versionOf(aggregate) + 1;
        try {
          await store.pushEvent(
            eventDetail(streamOf(conversation), version, messageOf(writer, step)) as never,
          );
          return;
        } catch (error) {
          if ((error as { code?: string }).code !== "EventAlreadyExistsError") throw error;
        }
      }
    };
    for (const conversation of [0, 1])
      for (const [index, event] of eventsOf(conversation, 0).entries())
        await store.pushEvent(eventDetail(streamOf(conversation), index + 1, event) as never);
    return {
      warmUp: () =>
        inClients(
          4,
          5,
          () => {},
          (writer, step) => write(1, writer, step),
        ),
      run: (time) =>
        time(sample, writers * decisionsEach, (lap) =>
          inClients(writers, decisionsEach, lap, (writer, step) => write(0, writer, step)),
        ),
      async verify() {
        const { events } = await store.getEvents(streamOf(0));
        const wanted = eventsPerDecision + writers * decisionsEach;
        mustBe(
          "versions",
          events.map(({ version }) => version),
          Array.from({ length: wanted }, (_, index) => index + 1),
        );
        client.destroy();
      },
    };
  },
};
