import { circuits } from "../../../packages/core/clients/circuit-breaker.ts";
import { conversations } from "../../../packages/core/store/conversations.ts";
import { readConversation } from "../../../packages/core/store/read-conversation.ts";
import { receiveWebhook } from "../../../packages/functions/commands/receive-webhook.ts";
import { openStores } from "../../../packages/local/stores.ts";
import type { Contender } from "../../harness/contender.ts";
import { mustBe } from "../../shared/clients.ts";
import { serving } from "./serving.ts";
import { appSecret } from "./work.ts";

/** The handler and the files of `npm start`, without what happens to an event afterwards. */
export const contender: Contender = {
  open(context) {
    const stores = openStores(context.roundDir);
    const handler = receiveWebhook({
      ...stores,
      circuits: circuits({ store: stores.circuitStore, clock: stores.clock }),
      log: (_level, event, fields) => void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
      appSecrets: [appSecret],
      verifyToken: "bench",
      phoneNumberIds: [],
      templates: [],
      handBackMs: 28_800_000,
    });
    return serving(handler, context, async (items) => {
      const received = new Set<string>();
      for await (const { stream, whole } of conversations(stores.store.log)) {
        mustBe("no gap", whole, true);
        for await (const events of readConversation(stores.store, stream))
          for (const event of events) if (event.type === "MessageReceived") received.add(event.data.wamid);
      }
      mustBe("messages kept", received.size, items);
      stores.close();
    });
  },
};
