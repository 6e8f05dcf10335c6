/** Hilo on one machine: the handlers that Lambda runs, over SQLite, with WhatsApp played by the simulator. */
import { Hono } from "hono";
import type { Config } from "#core/config.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { views } from "#core/views/all.ts";
import { api } from "#functions/api.ts";
import { forgetIdle } from "#functions/commands/forget-idle.ts";
import { publishEvents } from "#functions/commands/publish-events.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import { describeError, type Log } from "#functions/shared/log.ts";
import { localBus } from "./bus.ts";
import { emptyDataDir } from "./data-dir.ts";
import { limitBody, toLambda } from "./gateway.ts";
import { handlers, sharedDeps, type SharedDeps } from "./handlers.ts";
import { listen } from "./listen.ts";
import { publisher } from "./publisher.ts";
import { loop, type Loop } from "./loop.ts";
import { localOnly } from "./simulator/guard.ts";
import type { Simulator } from "./simulator/simulator.ts";
import { startSimulator } from "./start-simulator.ts";
import { openStores } from "./stores.ts";
import { worker } from "./worker.ts";

export type Hilo = {
  url: string;
  /** Finishes what is under way; the rest waits in the queues for the next start. */
  stop(): Promise<void>;
};

/** `fresh` forgets everything first, but only once the port is ours. The data directory is claimed by the caller. */
export const startHilo = async (config: Config, log: Log, { fresh = false } = {}): Promise<Hilo> => {
  const server = await listen(config.HILO_PORT);
  if (fresh) emptyDataDir(config.HILO_DATA_DIR);
  const changes = changeSignal();
  const stores = openStores(config.HILO_DATA_DIR, () => pump.wake());
  await stores.queues.recover();
  const deps = await sharedDeps(config, stores, log);
  const workers = await startWorkers(config, deps, server.ownUrl);
  const pump = publisher({
    log: stores.store.log,
    queues: stores.queues,
    handler: publishEvents({ bus: localBus(stores.queues, subscriptions), codec: stores.store.codec, log }),
    published(stream) {
      for (const { wake } of workers) wake();
      changes.tell(stream);
    },
    failed: failing(log),
  });
  const retention = startRetention(config, deps);
  const phone = await startSimulator(config, stores, server.ownUrl, {
    ...changes,
    templates: deps.templates,
  });
  server.serve(httpApp(config, deps, phone));
  return {
    url: server.url,
    async stop() {
      await pump.stop();
      await retention?.stop();
      await Promise.all(workers.map(({ stop }) => stop()));
      await phone.stop();
      await server.close();
      await deps.cache.close();
      stores.close();
    },
  };
};

const startWorkers = async (config: Config, deps: SharedDeps, url: string): Promise<Loop[]> => {
  const handlerOf = await handlers(config, deps, url);
  return subscriptions.map((subscription) => {
    const handler = handlerOf[subscription.name];
    if (!handler) throw new Error(`nothing handles ${subscription.name}`);
    return worker({
      queues: deps.queues,
      handler,
      subscription,
      random: deps.random,
      failed: failing(deps.log),
      buried: (queue) => deps.log("error", "a message went to the dead letters", { queue }),
    });
  });
};

/** At the start, and then four times a day. */
const startRetention = ({ HILO_RETENTION_DAYS: days }: Config, deps: SharedDeps): Loop | undefined => {
  if (days === 0) return undefined;
  const forget = async (): Promise<boolean> => {
    await forgetIdle({ ...deps, viewStore: deps.views, views }, days * 24 * 3_600_000);
    return false;
  };
  return loop(6 * 3_600_000, forget, failing(deps.log));
};

const failing = (log: Log) => (error: unknown) =>
  log("error", "work failed", { error: describeError(error) });

const httpApp = (config: Config, deps: SharedDeps, phone: Simulator): Hono => {
  const webhook = toLambda(
    receiveWebhook({
      ...deps,
      appSecrets: config.HILO_APP_SECRET,
      verifyToken: config.HILO_VERIFY_TOKEN,
      phoneNumberIds: config.HILO_PHONE_NUMBER_IDS,
    }),
    (rawBody) => void Promise.resolve(rawBody).then(phone.accepted).catch(failing(deps.log)),
  );
  const hiloApi = api({
    ...deps,
    apiKeys: [config.HILO_API_KEY],
    cursorSecret: deps.secret("cursors"),
  });
  return new Hono()
    .onError((error, context) => {
      failing(deps.log)(error);
      return context.text("", 500);
    })
    .get("/webhook", webhook)
    .post("/webhook", limitBody, webhook)
    .route("/", phone.app)
    .use(localOnly)
    .mount("/", (request) => hiloApi.fetch(request));
};

const changeSignal = () => {
  const listeners = new Set<(stream: string) => void>();
  return {
    tell(stream: string) {
      for (const listener of listeners) listener(stream);
    },
    onChange(listener: (stream: string) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
