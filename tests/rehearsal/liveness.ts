/** What must hold once faults are over and nothing is left to do. Everything is read here without a fault. */
import { isDeepStrictEqual } from "node:util";
import { ownerFolder } from "#core/clients/media-store.ts";
import { fold, initial } from "#core/domain/conversation.ts";
import type { ConversationEvent } from "#core/events/conversation.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { emptyContext, getContext } from "#core/store/get-context.ts";
import { audit } from "#core/store/audit.ts";
import { eventStore } from "#core/store/event-store.ts";
import { itemsAt, openItem, project } from "#core/store/project.ts";
import { rebuild } from "#core/store/rebuild.ts";
import { views } from "#core/views/all.ts";
import { context } from "#core/views/context.ts";
import { costs } from "#core/views/costs.ts";
import { transcript } from "#core/views/transcript.ts";
import type { View } from "#core/views/view.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { Broken, type Sim } from "./kernel.ts";
import type { Stream } from "./ledger.ts";
import { canariesIn } from "./meta.ts";
import { poison, type World } from "./world.ts";

const afterAll = (services: World["services"]) => ({
  store: eventStore(services.log, services.codecs.after),
  views: services.views,
});

/** What an operator does in the morning: dead letters again, and an audit where the stream was lost. */
export const recover = async (sim: Sim, { services, expired, poke }: World): Promise<void> => {
  for (const { name } of subscriptions) {
    const dead = await services.queues.deadLetters(name, 10_000);
    const ids = dead.filter(({ body }) => body !== poison).map(({ id }) => id);
    if (ids.length > 0 && (await services.queues.redrive(name, ids)) > 0) {
      sim.saw("redriven");
      poke(name, 0);
    }
  }
  if (expired() === 0) return;
  const report = await audit(
    { ...afterAll(services), bus: { publish: services.bus }, clock: () => new Date(sim.nowMs()) },
    views,
    { repair: true, graceMs: 0 },
  );
  if (report.owed > 0) sim.saw("audit-repaired");
};

export const checkLiveness = async (sim: Sim, { services }: World): Promise<void> => {
  await queuesAreEmpty(services);
  const { store, views: viewStore } = afterAll(services);
  for (const stream of services.ledger.streams.values()) {
    const events: RecordedEvent<ConversationEvent>[] = [];
    for await (const page of store.read(stream.id))
      events.push(...(page as RecordedEvent<ConversationEvent>[]));
    const state = fold(initial, events);
    if (state.version !== stream.head)
      throw new Broken("S2", `${stream.id} reads up to ${state.version} of ${stream.head}`);
    everythingIsAnswered(
      sim,
      stream,
      state.unanswered.map(({ version }) => version),
    );
    sendsAreOver(sim, services, stream, state.sends);
    for (const view of views) await viewIsFold(services, view, stream);
    await ticksAreRight(services, stream);
    await contextIsFold(services, stream);
    await costsAreEvents(services, stream);
    // whoever asked for a person was heard, unless nobody waits any more
    if (state.untold.length > 0) throw new Broken("L3", `nobody was told of ${stream.id}`);
    const file = [...services.files.keys()].find((key) => key.startsWith(ownerFolder(stream.contactId)));
    if (stream.erased && file !== undefined) throw new Broken("S8", `a file of ${stream.id} is still there`);
  }
  statusesArePlaced(services);
  await auditIsClean(sim, services);
  await erasedIsGone(services);
  const view = sim.pick("rebuilt", views);
  await rebuildIsEqual({ store, views: viewStore }, view, services);
};

const queuesAreEmpty = async ({ queues }: World["services"]): Promise<void> => {
  const depths = await queues.depths();
  for (const [queue, { visible, inFlight, delayed }] of Object.entries(depths)) {
    if (visible + inFlight + delayed > 0)
      throw new Broken("L1", `${queue} still holds ${visible + inFlight + delayed}`);
    const dead = await queues.deadLetters(queue, 100);
    const lost = dead.find(({ body }) => body !== poison);
    if (lost)
      throw new Broken("L4", `${queue} has a dead letter that is no poison: ${lost.body.slice(0, 200)}`);
  }
};

const everythingIsAnswered = (sim: Sim, stream: Stream, unanswered: readonly number[]): void => {
  if (stream.erased || stream.movedTo !== undefined) return;
  // what was too dear that day is answered with whatever is written next
  const spentAt = Math.max(
    0,
    ...stream.events.flatMap(({ type, version, data }) =>
      type === "ReplyWithheld" && data["reason"] === "budget-spent" ? [version] : [],
    ),
  );
  const open = unanswered.filter((version) => version > spentAt);
  if (open.length > 0 && stream.owner === "bot")
    throw new Broken("L3", `message ${open.join(", ")} of ${stream.id} has no answer`);
  const held = stream.events.filter(({ type }) => type === "HumanTookOver" || type === "HumanRequested");
  const revoked = new Set(
    stream.events.flatMap(({ type, data }) => (type === "MessageRevoked" ? [data["original"]] : [])),
  );
  let owner = "bot";
  for (const { type, version, data } of stream.events) {
    if (type === "HumanTookOver" || type === "HumanRequested") owner = "human";
    if (type === "BotResumed") owner = "bot";
    if (type !== "MessageReceived" || data["noReply"] !== undefined || owner === "human") continue;
    const isOver =
      stream.answered.has(version) ||
      version < spentAt ||
      revoked.has(data["messageId"]) ||
      held.some((event) => event.version > version);
    if (!isOver) throw new Broken("L3", `message ${version} of ${stream.id} was forgotten`);
    if (stream.answered.has(version)) sim.saw("answered");
  }
};

const sendsAreOver = (
  sim: Sim,
  { ledger }: World["services"],
  stream: Stream,
  sends: Readonly<Record<string, { phase: string }>>,
): void => {
  for (const [sendId, { phase }] of Object.entries(sends)) {
    sim.saw(`send ${phase}`);
    if (phase === "requested" || phase === "started" || phase === "uncertain")
      throw new Broken("L3", `${sendId} of ${stream.id} is ${phase} for ever`);
    const sent = ledger.graphSends.get(sendId) ?? [];
    if (phase === "sent" && sent.length === 0)
      throw new Broken("D9", `${sendId} is said to be sent, and never was`);
    const resolved = stream.events.some(
      ({ type, data }) => type === "SendResolved" && data["sendId"] === sendId,
    );
    if (phase === "failed" && sent.length > 0 && !resolved)
      throw new Broken("D9", `${sendId} is said to have failed, and the customer has it`);
  }
};

const viewIsFold = async <Item>(
  services: World["services"],
  view: View<Item>,
  stream: Stream,
): Promise<void> => {
  const { store, views: viewStore } = afterAll(services);
  const name = await viewStore.current(view.name);
  const version = await viewStore.version(name, stream.id);
  // what changes none of its items it need not have noted
  if (version > stream.head)
    throw new Broken("L2", `${view.name} of ${stream.id} stands at ${version} of ${stream.head}`);
  const expected = JSON.stringify([...(await itemsAt(store, view, stream.id, stream.head))].toSorted(byKey));
  const items = await viewStore.items(name, stream.id, "all");
  if (stream.erased && items.length > 0) throw new Broken("S8", `${view.name} of ${stream.id} is not empty`);
  // without their key, there is nothing to compare
  if (stream.erased) return;
  const opened = await Promise.all(
    items.map(async (item) => [item.key, await openItem({ store }, view, stream.id, item)] as const),
  );
  const there = JSON.stringify(opened.filter(([, item]) => item !== undefined).toSorted(byKey));
  if (there !== expected)
    throw new Broken("L2", `${view.name} of ${stream.id} is not the fold of its events`);
};

/** From wherever it is known, with what it still lacks: the cache may be of any age. */
const contextIsFold = async (services: World["services"], stream: Stream): Promise<void> => {
  const known = await getContext({ ...afterAll(services), cache: services.cache }, stream.id, stream.head);
  if (stream.erased) {
    if (known.turns.length > 0) throw new Broken("S8", `the context of ${stream.id} is not empty`);
    return;
  }
  const folded = (await itemsAt(afterAll(services).store, context, stream.id, stream.head)).get("context");
  // the fold says when it last changed, and what is asked for says up to where it is true
  if (!isDeepStrictEqual(known, { ...(folded ?? emptyContext(stream.head)), version: stream.head }))
    throw new Broken("D11", `the context of ${stream.id} is not the fold of its events`);
};

/** Counted from the events, with nothing of the view. */
const costsAreEvents = async (services: World["services"], stream: Stream): Promise<void> => {
  if (stream.erased) return;
  const of = (...types: string[]) => stream.events.filter(({ type }) => types.includes(type));
  const spent = of("ReplyGenerated", "ReplyWithheld", "ContextSummarised").flatMap(({ data }) =>
    data["use"] ? [(data["use"] as { costUsd: number }).costUsd] : [],
  );
  const items = [...(await itemsAt(afterAll(services).store, costs, stream.id, stream.head)).values()];
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const models = items.flatMap((item) => item.models);
  const found = [
    sum(items.map(({ received }) => received)),
    sum(items.map(({ sent }) => sent)),
    sum(models.map(({ calls }) => calls)),
    Math.round(sum(models.map(({ usd }) => usd)) * 1e6),
  ];
  const expected = [
    of("MessageReceived").length,
    of("MessageSent").length,
    spent.length,
    Math.round(sum(spent) * 1e6),
  ];
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Broken(
      "L2",
      `the costs of ${stream.id} are ${found.join(", ")} and not ${expected.join(", ")}`,
    );
};

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const ranks = ["accepted", "sent", "delivered", "read", "played"];

/** By the facts alone, whatever their order: the furthest that a message came, and failed where it came nowhere. */
const ticksAreRight = async (services: World["services"], stream: Stream): Promise<void> => {
  if (stream.erased) return;
  const { store } = afterAll(services);
  const items = await itemsAt(store, transcript, stream.id, stream.head);
  for (const sendId of stream.intents.keys()) {
    const statuses = stream.events.flatMap(({ type, data }) =>
      type === "DeliveryStatusReceived" && data["sendId"] === sendId ? [String(data["status"])] : [],
    );
    if (statuses.length === 0) continue;
    const furthest = Math.max(...statuses.map((status) => ranks.indexOf(status)));
    const failed = statuses.includes("failed");
    const expected = failed
      ? furthest >= ranks.indexOf("delivered")
        ? "conflicting"
        : "failed"
      : ranks[furthest];
    const shown = items.get(sendId)?.status;
    if (shown !== expected)
      throw new Broken("S5", `${sendId} of ${stream.id} shows ${shown} after ${statuses.join(", ")}`);
  }
};

/** A status whose message we know to have sent belongs to its send. */
const statusesArePlaced = ({ ledger, pseudonyms }: World["services"]): void => {
  for (const [wamid, { stream: id, sendId }] of ledger.outbound) {
    const stream = ledger.streams.get(id);
    const messageId = pseudonyms.messageId(wamid);
    const isKnown = stream?.events.some(
      ({ type, data }) => type === "MessageSent" && data["messageId"] === messageId,
    );
    if (!stream || !isKnown || stream.erased) continue;
    for (const status of ledger.heardStatuses(wamid)) {
      const event = stream.events.find(
        ({ type, data }) =>
          type === "DeliveryStatusReceived" && data["messageId"] === messageId && data["status"] === status,
      );
      if (!event) throw new Broken("D10", `${status} of ${wamid} is not in ${id}, which sent it`);
      if (event.data["sendId"] !== sendId)
        throw new Broken("D10", `${status} of ${wamid} is not placed with ${sendId}`);
    }
  }
};

const auditIsClean = async (sim: Sim, services: World["services"]): Promise<void> => {
  const deps = {
    ...afterAll(services),
    bus: { publish: async () => [] },
    clock: () => new Date(sim.nowMs() + 1_000),
  };
  const { broken, unreadable, behind, owed } = await audit(deps, views, { graceMs: 0 });
  const late = Object.values(behind).reduce((sum, count) => sum + count, 0);
  if (broken.length + unreadable.length + late + owed > 0)
    throw new Broken("L6", `the audit finds ${JSON.stringify({ broken, unreadable, behind, owed })}`);
};

/** Nothing that was said before an erasure can be read by anyone, wherever it is. */
const erasedIsGone = async (services: World["services"]): Promise<void> => {
  const { store } = afterAll(services);
  const gone = services.ledger.erasedWords();
  if (gone.size === 0) return;
  let after: string | undefined;
  do {
    const page = await services.log.scan({ segment: 0, segments: 1, ...(after !== undefined && { after }) });
    for (const commit of page.commits) {
      const word = canariesIn(await store.codec.decode(commit)).find((found) => gone.has(found));
      if (word) throw new Broken("S8", `${word} is readable in ${commit.stream}@${commit.version}`);
    }
    after = page.next;
  } while (after !== undefined);
};

const rebuildIsEqual = async <Item>(
  deps: ReturnType<typeof afterAll>,
  view: View<Item>,
  services: World["services"],
): Promise<void> => {
  await rebuild(deps, view);
  for (const stream of services.ledger.streams.values()) {
    await viewIsFold(services, view, stream).catch((error: unknown) => {
      throw error instanceof Broken ? new Broken("L5", `rebuilt, ${error.message}`) : error;
    });
    await project(deps, view, stream.id);
  }
};
