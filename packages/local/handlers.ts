/** The handlers of `subscriptions.ts`, by name, composed for this machine. */
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import { graphMedia } from "#core/clients/whatsapp/media.ts";
import { circuits } from "#core/clients/circuit-breaker.ts";
import { loadKnowledge } from "#core/clients/knowledge.ts";
import { loadTemplates } from "#functions/shared/templates.ts";
import { offlineModel } from "#core/clients/offline-model.ts";
import type { Config } from "#core/config.ts";
import { mediaBytesMax } from "#core/store/sealed-media.ts";
import { fetchMedia } from "#functions/commands/fetch-media.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { notifyPeople } from "#functions/commands/notify-people.ts";
import { sendMessage } from "#functions/commands/send-message.ts";
import { projectContext } from "#functions/projections/context.ts";
import { projectConversationList } from "#functions/projections/conversation-list.ts";
import { projectParkedSends } from "#functions/projections/parked-sends.ts";
import { projectTranscript } from "#functions/projections/transcript.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import { handBackMs } from "#functions/shared/hand-back.ts";
import { describeError, type Log } from "#functions/shared/log.ts";
import type { Stores } from "./stores.ts";

/** What the handlers of webhooks and of queues have in common. */
export type SharedDeps = Awaited<ReturnType<typeof sharedDeps>>;

export const sharedDeps = async (config: Config, stores: Stores, log: Log) => ({
  ...stores,
  log,
  circuits: circuits({
    store: stores.circuitStore,
    clock: stores.clock,
    report: (fault) => log("error", "a circuit could not be noted", { error: describeError(fault) }),
  }),
  again: (message: { queue: string; body: string; delayMs: number }) => stores.queues.send([message]),
  templates: await loadTemplates(config.HILO_TEMPLATES),
  numberPerSecond: config.HILO_NUMBER_PER_SECOND,
  handBackMs: handBackMs(config.HILO_HAND_BACK_MINUTES),
});

/** `ownUrl` is where this program listens: the simulator's Graph API is there, unless another is set. */
export const handlers = async (
  config: Config,
  deps: SharedDeps,
  ownUrl: string,
): Promise<Record<string, QueueHandler>> => {
  const graph = {
    url: config.HILO_GRAPH_URL || `${ownUrl}/graph`,
    version: config.HILO_GRAPH_VERSION,
    token: config.HILO_GRAPH_TOKEN,
  };
  const whatsapp = graphClient({
    ...graph,
    historyIsComplete: { auto: !config.HILO_GRAPH_URL, complete: true, partial: false }[
      config.HILO_GRAPH_HISTORY
    ],
  });
  const model = offlineModel({ knowledge: await loadKnowledge(config.HILO_KNOWLEDGE_DIR) });
  return {
    "generate-reply": generateReply({ ...deps, whatsapp, model, quietMs: config.HILO_QUIET_MS }),
    "send-message": sendMessage({ ...deps, whatsapp }),
    "fetch-media": fetchMedia({ ...deps, files: graphMedia({ ...graph, bytesMax: mediaBytesMax }) }),
    "notify-people": notifyPeople({
      ...deps,
      notifiers: [deps.inbox],
      link: config.HILO_CONVERSATION_LINK,
    }),
    "conversation-list": projectConversationList(deps),
    transcript: projectTranscript(deps),
    context: projectContext(deps),
    "parked-sends": projectParkedSends(deps),
  };
};
