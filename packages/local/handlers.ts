/** The handlers of `subscriptions.ts`, by name, composed for this machine. */
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import { graphMedia } from "#core/clients/whatsapp/media.ts";
import { answering } from "#functions/answering/answering.ts";
import { openCache } from "#functions/shared/open-cache.ts";
import { openCircuits } from "#functions/shared/open-circuits.ts";
import { openDialog } from "#functions/shared/open-dialog.ts";
import { openKnowledge } from "#functions/shared/open-knowledge.ts";
import { loadRateCards } from "#functions/shared/rate-cards.ts";
import { loadTemplates } from "#functions/shared/templates.ts";
import type { Config } from "#core/config.ts";
import { mediaBytesMax } from "#core/store/sealed-media.ts";
import { fetchMedia } from "#functions/commands/fetch-media.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { notifyPeople } from "#functions/commands/notify-people.ts";
import { sendMessage } from "#functions/commands/send-message.ts";
import { summariseContext } from "#functions/commands/summarise-context.ts";
import { projectContext } from "#functions/projections/context.ts";
import { projectConversationList } from "#functions/projections/conversation-list.ts";
import { projectCosts } from "#functions/projections/costs.ts";
import { projectParkedSends } from "#functions/projections/parked-sends.ts";
import { projectTranscript } from "#functions/projections/transcript.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import { handBackMs } from "#functions/shared/hand-back.ts";
import type { Log } from "#functions/shared/log.ts";
import { openModels } from "#functions/models/models.ts";
import { budgets } from "#functions/shared/spending.ts";
import { openSummariser } from "#functions/models/summariser.ts";
import { followFiles } from "./follow-files.ts";
import type { Stores } from "./stores.ts";

/** What the handlers of webhooks and of queues have in common. */
export type SharedDeps = Awaited<ReturnType<typeof sharedDeps>>;

export const sharedDeps = async (config: Config, stores: Stores, log: Log) => ({
  ...stores,
  log,
  circuits: openCircuits(stores.circuitStore, { clock: stores.clock, log }),
  cache: openCache(config.HILO_CACHE_URL, { clock: stores.clock, log }),
  again: (message: { queue: string; body: string; delayMs: number }) => stores.queues.send([message]),
  templates: await loadTemplates(config.HILO_TEMPLATES),
  rateCards: await loadRateCards(config.HILO_RATE_CARD),
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
  const knowledge = await openKnowledge(config, {
    ...deps,
    files: () => followFiles(config.HILO_KNOWLEDGE_DIR, deps),
  });
  const report = (problem: string) => deps.log("error", problem);
  const { models, secrets } = await openModels(config, { knowledge, report });
  return {
    "generate-reply": generateReply({
      ...deps,
      ...(await answering(config, { ...deps, secrets })),
      models,
      knowledge,
      dialog: await openDialog(config, deps),
      whatsapp,
      quietMs: config.HILO_QUIET_MS,
    }),
    "send-message": sendMessage({ ...deps, whatsapp }),
    "summarise-context": summariseContext({
      ...deps,
      ...budgets(config),
      summariser: await openSummariser(config, report),
    }),
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
    costs: projectCosts(deps),
  };
};
