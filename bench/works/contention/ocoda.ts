import type { Contender } from "../../harness/contender.ts";
import { Fact, ocodaStore, ocodaStream } from "../../peers/ocoda.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { newClient } from "../../shared/dynamo.ts";
import { streamOf } from "../../shared/history.ts";
import { messageOf } from "./message.ts";
import { decisionsEach, sample, writers } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName }) {
    const client = newClient(endpoint);
    const store = await ocodaStore(client, roundName);
    const versionOf = async (conversation: number): Promise<number> => {
      let version = 0;
      for await (const page of store.getEvents(ocodaStream(streamOf(conversation)), {
        pool: roundName as never,
        batch: 1_000,
      }))
        version += page.length;
      return version;
    };
    const write = async (conversation: number, writer: number, step: number): Promise<void> => {
      const version = (await versionOf(conversation)) + 1;
      await store.appendEvents(
        ocodaStream(streamOf(conversation)),
        version,
        [new Fact(messageOf(writer, step))] as never,
        roundName as never,
      );
    };
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
        mustBe("events kept", await versionOf(0), writers * decisionsEach);
        client.destroy();
      },
    };
  },
};
