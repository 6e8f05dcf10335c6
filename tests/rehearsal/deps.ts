/** What a handler is given in its container: each call of each seam is one step, and may be the last. */
import { circuits } from "#core/clients/circuit-breaker.ts";
import type { Cache } from "#core/clients/cache.ts";
import type { CircuitStore } from "#core/clients/circuits.ts";
import type { EventBus } from "#core/clients/event-bus.ts";
import type { Keys } from "#core/clients/keys.ts";
import type { MediaStore } from "#core/clients/media-store.ts";
import { ModelFault, type Model } from "#core/clients/model.ts";
import type { Notifier } from "#core/clients/notifier.ts";
import { delaySecondsOf } from "#core/clients/sqs-again.ts";
import type { MediaSource } from "#core/clients/whatsapp/media.ts";
import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { Template } from "#core/domain/templates.ts";
import type { CommitLog } from "#core/store/commit-log.ts";
import { eventStore } from "#core/store/event-store.ts";
import type { Identities } from "#core/store/identities.ts";
import type { Pacing } from "#core/store/pacing.ts";
import { sealedMedia } from "#core/store/sealed-media.ts";
import type { Tally } from "#core/store/tally.ts";
import type { ViewStore } from "#core/store/view-store.ts";
import { views } from "#core/views/all.ts";
import type { OfferedModel } from "#functions/answering/ask-models.ts";
import type { LogFields } from "#functions/shared/log.ts";
import { caller, delayer, sleeper, type Call, type Container } from "./container.ts";
import { rehearsedDialog, rehearsedKnowledge } from "./dialog.ts";
import type { Graph } from "./graph.ts";
import type { Sim } from "./kernel.ts";
import { appSecret, canariesIn } from "./meta.ts";
import { answerOf, candidates, thoughtOf } from "./model.ts";
import { rehearsedSummariser } from "./summariser.ts";
import { rehearsedTools, toolCalls } from "./tools.ts";
import type { Vendors } from "./vendors.ts";

export type Services = Vendors & {
  graph: Graph;
  bus: EventBus["publish"];
  /** Tells the queues that something was put in. */
  poke: (queue: string, afterMs: number) => void;
};

const template: Template = { name: "we_are_back", language: "es", parameters: [] };

export type Deps = ReturnType<typeof deps>;

export const deps = (sim: Sim, services: Services, container: Container) => {
  const call = caller(sim, container);
  const sleep = sleeper(sim, container);
  const clock = () => new Date(sim.nowMs() + container.skewMs);
  const drawn = () => `${container.invocation?.name ?? ""} ${++draws}`;
  let draws = 0;
  const site = () => `${container.invocation?.name ?? ""} ${++sites}`;
  let sites = 0;
  const viewStore = weakViews(call, services.views);
  const keys = weakKeys(call, services.keys);
  const rehearsed = [sim, call, services.ledger, site] as const;
  return {
    store: eventStore(weakLog(sim, call, services.log), services.codecs[container.deployment]),
    views: viewStore,
    viewStore,
    keys,
    identities: weakIdentities(call, services.identities),
    pseudonyms: services.pseudonyms,
    clock,
    newId: () => ulid(clock().getTime(), sim, drawn()),
    random: () => sim.unit(`random ${drawn()}`),
    sleep,
    delay: delayer(sim, container),
    log(level: string, message: string, fields: LogFields = {}) {
      const line = JSON.stringify({ level, message, ...fields });
      services.ledger.logged(line);
      if (level !== "info") sim.note(`    ${line}`);
    },
    whatsapp: weakWhatsApp(sim, call, services),
    models: offeredModels(sim, call, services, site),
    answerRules: { linkHosts: [], secrets: [] },
    toolbox: rehearsedTools(...rehearsed),
    tally: weakTally(call, services.tally),
    allowance: sim.plan.allowance ?? { usd: 100, replies: 1_000 },
    dayUsd: sim.plan.dayUsd ?? Number.POSITIVE_INFINITY,
    dialog: rehearsedDialog(...rehearsed),
    knowledge: async () => rehearsedKnowledge,
    cache: weakCache(sim, call, services.cache, site),
    summariser: rehearsedSummariser(...rehearsed),
    media: sealedMedia(weakMedia(call, services.media), keys),
    files: weakFiles(sim, call, site),
    notifiers: [weakNotifier(sim, call, services, site)],
    link: "https://desk.example/{id}",
    bus: weakBus(call, services),
    async again(message: { queue: string; body: string; delayMs: number }) {
      const delayMs = 1_000 * delaySecondsOf(message.delayMs);
      if (delayMs < message.delayMs) sim.saw("wait-cut-short");
      await call(`queues.send ${message.queue}`, () => services.queues.send([{ ...message, delayMs }]));
      services.poke(message.queue, delayMs);
    },
    pacing: weakPacing(call, services.pacing),
    circuits: circuits({ store: weakCircuits(sim, call, services.circuits), clock }),
    quietMs: sim.plan.quietMs,
    numberPerSecond: 80,
    templates: sim.plan.hasTemplate ? [template] : [],
    handBackMs: sim.plan.handBackMs,
    appSecrets: [appSecret],
    verifyToken: "a token",
    phoneNumberIds: [],
  };
};

/** For `erase-contact`, where `views` are what is projected and not where. */
export const erasing = ({ viewStore, ...rest }: Deps) => ({ ...rest, viewStore, views });

const crockford = Array.from("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

/** As sortable by time as any, by the clock of whoever makes it. */
const ulid = (ms: number, sim: Sim, question: string): string => {
  const time = Array.from({ length: 10 }, (_, place) => crockford[Math.floor(ms / 32 ** (9 - place)) % 32]);
  const chance = Array.from({ length: 16 }, (_, place) => sim.pick(`id ${question} ${place}`, crockford));
  return [...time, ...chance].join("");
};

const weakLog = (sim: Sim, call: Call, log: CommitLog): CommitLog => ({
  ...log,
  append: (commit) =>
    call(`log.append ${commit.stream}@${commit.version}`, () => log.append(commit), {
      stream: commit.stream,
    }),
  async *read(stream, options) {
    const pages = log.read(stream, options)[Symbol.asyncIterator]();
    for (;;) {
      const page = await call("log.read", () => pages.next(), { stream });
      if (page.done) return;
      yield page.value;
    }
  },
  head: (stream) => call("log.head", () => log.head(stream), { stream }),
  snapshot: (stream) =>
    call("log.snapshot", async () => {
      const snapshot = await log.snapshot(stream);
      if (snapshot && sim.fault("stale-read", `snapshot ${stream}@${snapshot.version} ${sim.steps()}`))
        return undefined;
      if (snapshot) sim.saw("snapshot-read");
      return snapshot;
    }),
  saveSnapshot: (snapshot) => call("log.saveSnapshot", () => log.saveSnapshot(snapshot)),
  deleteSnapshot: (stream) => call("log.deleteSnapshot", () => log.deleteSnapshot(stream)),
  scan: (options) => call("log.scan", () => log.scan(options)),
});

const weakKeys = (call: Call, keys: Keys): Keys => ({
  // a process keeps the keys that it has fetched
  sealer: (subject) => keys.sealer(subject),
  destroy: (subject) => call("keys.destroy", () => keys.destroy(subject)),
});

const weakViews = (call: Call, views: ViewStore): ViewStore => ({
  ...views,
  version: (view, stream) => call(`views.version ${view}`, () => views.version(view, stream), { stream }),
  items: (view, stream, keys) =>
    call(`views.items ${view}`, () => views.items(view, stream, keys), { stream }),
  write: (view, change) =>
    call(`views.write ${view} ${change.stream}@${change.version}`, () => views.write(view, change), {
      stream: change.stream,
    }),
});

const weakIdentities = (call: Call, identities: Identities): Identities => ({
  resolve: (...all) => call("identities.resolve", () => identities.resolve(...all)),
  find: (...all) => call("identities.find", () => identities.find(...all)),
  get: (...all) => call("identities.get", () => identities.get(...all)),
  forget: (...all) => call("identities.forget", () => identities.forget(...all)),
  placeContact: (...all) => call("identities.placeContact", () => identities.placeContact(...all)),
  placeMessage: (...all) => call("identities.placeMessage", () => identities.placeMessage(...all)),
  streamOfMessage: (...all) => call("identities.streamOfMessage", () => identities.streamOfMessage(...all)),
});

const weakPacing = (call: Call, pacing: Pacing): Pacing => ({
  reserve: (...all) => call("pacing.reserve", () => pacing.reserve(...all)),
  hold: (...all) => call("pacing.hold", () => pacing.hold(...all)),
});

const weakCircuits = (sim: Sim, call: Call, store: CircuitStore): CircuitStore => ({
  read: (name) =>
    call(`circuits.read ${name}`, async () => {
      const circuit = await store.read(name);
      if (circuit && sim.fault("stale-read", `${name} ${circuit.untilMs} ${sim.steps()}`)) return undefined;
      if (circuit) sim.saw("circuit-open");
      return circuit;
    }),
  open: (...all) => call("circuits.open", () => store.open(...all)),
  claimProbe: (...all) => call("circuits.claimProbe", () => store.claimProbe(...all)),
  close: (...all) => call("circuits.close", () => store.close(...all)),
});

/** It never throws: what fails is an outcome. */
const weakWhatsApp = (sim: Sim, call: Call, services: Services): WhatsApp => {
  const faults = ["slow", "crash-before", "crash-after"] as const;
  const options = { faults };
  return {
    async send(message) {
      const site = `whatsapp.send ${message.sendRef}`;
      const outcome = await call(site, async () => services.graph.send(message, site), {
        faults: ["crash-before", "crash-after"],
      });
      // the answer takes its time, and news of the message may be quicker
      const ms = sim.between(`answer ${site}`, 50, 900);
      const answered = await call(`answer to ${site}`, async () => outcome, { delayMs: ms, ...options });
      if (answered.outcome === "uncertain") sim.saw("ambiguous-send");
      return answered;
    },
    findSent: (query) => call("whatsapp.findSent", () => services.graph.findSent(query), options),
    upload: async () => ({ refused: "not rehearsed" }),
    showTyping: () => call("whatsapp.showTyping", async () => true, { faults: [] }),
  };
};

type Site = () => string;

const offeredModels = (sim: Sim, call: Call, { ledger }: Services, site: Site): OfferedModel[] =>
  candidates
    .filter(({ id }) => id !== "offline" || sim.plan.hasLastResort !== false)
    .map((candidate) => ({
      candidate: () => candidate,
      model: weakModel(sim, call, ledger, { id: candidate.id, site }),
    }));

/** It keeps to the time that it is given, and uses its tools before it answers. */
const weakModel = (
  sim: Sim,
  call: Call,
  ledger: Services["ledger"],
  { id, site }: { id: string; site: Site },
): Model => ({
  async answer(request) {
    const at = `${site()} ${id}`;
    const { timeoutMs = Number.POSITIVE_INFINITY, tools } = request;
    const ms = thoughtOf(sim, id, at);
    const crashes = { faults: ["crash-before", "crash-after"] } as const;
    await call(`${id}.thinks`, async () => {}, { delayMs: Math.min(ms, timeoutMs), ...crashes });
    if (ms >= timeoutMs && id !== "offline") throw new ModelFault("timeout", "later", "as rehearsed");
    const [, customer] = /canary-c(\d+)/.exec(canariesIn(request.turns).at(-1) ?? "") ?? [];
    if (tools && id !== "offline" && customer !== undefined)
      for (const one of toolCalls(sim, at, Number(customer))) await tools.use(one);
    return call(`${id}.answers`, async () => answerOf(sim, ledger, request, { id, site: at }), crashes);
  },
});

const weakTally = (call: Call, tally: Tally): Tally => ({
  add: (...all) => call("tally.add", () => tally.add(...all)),
  read: (...all) => call("tally.read", () => tally.read(...all)),
});

/** It never throws: what can't be reached has nothing. What it has may be of any age. */
const weakCache = (sim: Sim, call: Call, cache: Cache, site: Site): Cache => {
  const options = { faults: ["slow", "crash-before", "crash-after"] } as const;
  return {
    get: (key) =>
      call(
        "cache.get",
        async () => {
          const found = sim.fault("cache-lost", site()) ? undefined : await cache.get(key);
          if (found) sim.saw("cache-hit");
          return found;
        },
        options,
      ),
    set: (key, value, ttlMs) =>
      call(
        "cache.set",
        async () => {
          if (!sim.fault("cache-lost", site())) await cache.set(key, value, ttlMs);
        },
        options,
      ),
    close: async () => {},
  };
};

const weakMedia = (call: Call, media: MediaStore): MediaStore => ({
  put: (...all) => call("media.put", () => media.put(...all)),
  get: (...all) => call("media.get", () => media.get(...all)),
  delete: (...all) => call("media.delete", () => media.delete(...all)),
  deleteOf: (...all) => call("media.deleteOf", () => media.deleteOf(...all)),
});

/** It never throws either. */
const weakFiles = (sim: Sim, call: Call, site: Site): MediaSource => ({
  download() {
    const at = site();
    return call(
      "files.download",
      async () => {
        if (sim.fault("media-later", at)) return { later: "http-500" };
        if (sim.fault("media-gone", at)) return { unavailable: "expired" };
        return { bytes: Buffer.from("a file"), mimeType: "image/jpeg" };
      },
      { delayMs: sim.between(`downloads ${at}`, 50, 5_000), faults: ["slow", "crash-before", "crash-after"] },
    );
  },
});

const weakNotifier = (sim: Sim, call: Call, { ledger }: Services, site: Site): Notifier => ({
  channel: "rehearsed",
  notify: (news) =>
    call("notifier.notify", async () => {
      ledger.logged(JSON.stringify(news));
      if (sim.fault("notifier-fails", site())) throw new Error("nobody could be told");
    }),
});

const weakBus = (call: Call, { bus }: Services): EventBus => ({
  publish: (events) => call(`bus.publish ${events.length}`, () => bus(events)),
});
