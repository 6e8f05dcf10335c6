import type { Contender } from "../../harness/contender.ts";
import { knows } from "../../../packages/core/domain/seen.ts";
import { handle } from "../../../packages/core/store/handle.ts";
import { readConversation } from "../../../packages/core/store/read-conversation.ts";
import { inClients, mustBe } from "../../shared/clients.ts";
import { hiloClient, newLog } from "../../shared/dynamo.ts";
import { appendDecision, handleDeps, hiloStore } from "../../shared/hilo-store.ts";
import { eventsPerDecision, streamOf } from "../../shared/history.ts";
import { messageOf } from "./message.ts";
import { decisionsEach, sample, writers } from "./work.ts";

export const contender: Contender = {
  async open({ endpoint, roundName }) {
    const client = hiloClient(endpoint);
    const store = hiloStore(await newLog(client, roundName));
    const deps = handleDeps(store);
    const write = async (conversation: number, writer: number, step: number): Promise<void> => {
      const message = messageOf(writer, step);
      await handle(deps, streamOf(conversation), ({ seen }) =>
        knows(seen, message.data.messageId) ? [] : [message],
      );
    };
    for (const conversation of [0, 1]) await appendDecision(store, conversation, 0);
    return {
      warmUp: () =>
        inClients(
          8,
          10,
          () => {},
          (writer, step) => write(1, writer, step),
        ),
      run: (time) =>
        time(sample, writers * decisionsEach, (lap) =>
          inClients(writers, decisionsEach, lap, (writer, step) => write(0, writer, step)),
        ),
      async verify() {
        const events = [];
        for await (const page of readConversation(store, streamOf(0))) events.push(...page);
        const wanted = eventsPerDecision + writers * decisionsEach;
        mustBe(
          "versions",
          events.map(({ version }) => version),
          Array.from({ length: wanted }, (_, index) => index + 1),
        );
        const ids = new Set(events.map(({ data }) => ("messageId" in data ? data.messageId : undefined)));
        for (let writer = 0; writer < writers; writer++)
          for (let step = 0; step < decisionsEach; step++)
            mustBe("message", ids.has(messageOf(writer, step).data.messageId), true);
        client.destroy();
      },
    };
  },
};
