/**
 * What has truly happened, kept apart from Hilo: what WhatsApp was told and did, and every event in the log.
 * Safety is checked as each thing happens; a broken promise ends the history.
 */
import type { Pseudonyms } from "#core/clients/pseudonyms.ts";
import type { BusEvent } from "#core/events/bus.ts";
import { parseSendRef } from "#core/events/stream.ts";
import type { Codec } from "#core/store/codec.ts";
import { lastVersion, type Commit } from "#core/store/commit-log.ts";
import type { ToolScope } from "#functions/tools/tool.ts";
import { Broken, type Sim } from "./kernel.ts";
import { canaryPattern, isOf, wamidOf, type Customer } from "./meta.ts";
import type { Action } from "./plan.ts";

/** An attempt to send takes no longer from its look at who holds the conversation to its beginning. */
const underWayMs = 30_000;

/** What only a model that was asked is passed over for. */
const tried: ReadonlySet<string> = new Set(["throttled", "timeout", "unavailable", "malformed", "truncated"]);

type Data = BusEvent["detail"]["data"];

type Intent = { version: number; origin: string; phase: string; sinceMs: number };

export type Stream = {
  id: string;
  customer?: number;
  contactId: string;
  head: number;
  owner: "bot" | "human";
  heldSince: number;
  heldAtMs: number;
  movedTo?: string;
  erased: boolean;
  events: { version: number; type: string; data: Data }[];
  intents: Map<string, Intent>;
  /** Versions of messages that a reply has answered. */
  answered: Set<number>;
  /** What waits for the bot's answer. */
  open: { version: number; messageId: string }[];
  /** When the customer was last asked for patience. */
  patientSince: number;
  fulfilled: Set<string>;
  summarisedUpTo: number;
};

export type Ledger = ReturnType<typeof ledger>;

export const ledger = (sim: Sim, pseudonyms: Pseudonyms) => {
  const streams = new Map<string, Stream>();
  /** Inbound ids in the log, and where. */
  const recorded = new Map<string, string>();
  const keptStatuses = new Set<string>();
  const customerOf = new Map<string, number>();
  const wordOf = new Map<string, string>();
  const graphSends = new Map<string, string[]>();
  const outbound = new Map<string, { sendId: string; stream: string; customer: number }>();
  const prompts = new Map<string, readonly string[]>();
  const lastWrote = new Map<number, number>();
  const erasedWords = new Set<string>();
  const heard = new Map<string, Set<string>>();
  let violation: Broken | undefined;

  const broken = (invariant: string, what: string): void => {
    violation ??= new Broken(invariant, what);
  };

  const streamOf = (id: string): Stream => {
    const there = streams.get(id);
    if (there) return there;
    const fresh: Stream = {
      id,
      contactId: id.slice("conversation-".length, "conversation-".length + 26),
      head: 0,
      owner: "bot",
      heldSince: 0,
      heldAtMs: 0,
      erased: false,
      events: [],
      intents: new Map(),
      answered: new Set(),
      open: [],
      patientSince: 0,
      fulfilled: new Set(),
      summarisedUpTo: 0,
    };
    streams.set(id, fresh);
    return fresh;
  };

  /** Where a conversation goes on, after all that it was absorbed by. */
  const successor = (stream: Stream): Stream =>
    stream.movedTo === undefined ? stream : successor(streamOf(stream.movedTo));

  const once = (stream: Stream, id: string): void => {
    const before = recorded.get(id);
    if (before !== undefined) broken("S1", `${id} is recorded twice: in ${before} and ${stream.id}`);
    recorded.set(id, stream.id);
  };

  const hold = (stream: Stream, version: number): void => {
    stream.owner = "human";
    stream.heldSince = version;
    stream.heldAtMs = sim.nowMs();
    stream.open = [];
    sim.saw("human-held");
  };

  const belongs = (stream: Stream, messageId: string): void => {
    const customer = customerOf.get(messageId);
    if (customer === undefined) return;
    if (stream.customer !== undefined && stream.customer !== customer)
      broken("S7", `${stream.id} is of customer ${stream.customer}, and has a message of ${customer}`);
    stream.customer = customer;
  };

  /** What was asked for before has begun, and is not under way, unless that has lasted too long to wait for. */
  const inOrder = (stream: Stream, sendId: string, { version }: Intent): void => {
    for (const [earlier, other] of stream.intents) {
      const isUnderWay = other.phase === "started" || other.phase === "uncertain";
      const waitMs = other.phase === "requested" ? 30 * 60_000 : isUnderWay ? 4 * 60_000 : 0;
      if (other.version < version && sim.nowMs() - other.sinceMs < waitMs)
        broken("D9", `${sendId} of ${stream.id} was begun before ${earlier}, which is ${other.phase}`);
    }
  };

  const startSend = (stream: Stream, sendId: string): void => {
    const intent = stream.intents.get(sendId);
    if (!intent) return broken("S3", `${sendId} was started and never asked for`);
    inOrder(stream, sendId, intent);
    if (intent.origin !== "bot") return;
    if (stream.heldSince > intent.version) broken("S4", `${sendId} was begun over a person in ${stream.id}`);
    const now = successor(stream);
    // across streams nothing is atomic: what was under way when the person came may still go out
    if (now !== stream && now.owner === "human" && sim.nowMs() - now.heldAtMs > underWayMs)
      broken("S4", `${sendId} was begun in ${stream.id}, which moved to ${now.id}, which a person has`);
  };

  const askPatience = (stream: Stream, version: number): void => {
    sim.saw("holding-reply");
    const [oldest] = stream.open;
    if (oldest && oldest.version < stream.patientSince)
      broken("D8", `the customer of ${stream.id} is asked for patience twice`);
    stream.patientSince = version;
  };

  const receive = (stream: Stream, version: number, data: Data): void => {
    const messageId = String(data["messageId"]);
    if (data["noReply"] === undefined && stream.owner === "bot") stream.open.push({ version, messageId });
  };

  const leaveDialog = (stream: Stream, data: Data): void => {
    const { dialogId, because } = data;
    sim.saw(`dialog left: ${String(because)}`);
    if (because !== "fulfilled") return;
    if (stream.fulfilled.has(String(dialogId))) broken("D8", `a dialog of ${stream.id} is fulfilled twice`);
    stream.fulfilled.add(String(dialogId));
  };

  const summarise = (stream: Stream, upTo: number): void => {
    if (upTo <= stream.summarisedUpTo)
      broken("D11", `${stream.id} was summarised up to ${stream.summarisedUpTo}, and then up to ${upTo}`);
    stream.summarisedUpTo = upTo;
  };

  /** Why not another model, and whether one answered in the place of one that was asked before. */
  const noteChoice = (data: Data): void => {
    const { passedOver = [] } = (data["choice"] ?? {}) as { passedOver?: { id: string; reason: string }[] };
    const { id: author } = (data["model"] ?? {}) as { id?: string };
    for (const { reason } of passedOver) sim.saw(`model passed over: ${reason}`);
    if (passedOver.some(({ id, reason }) => id !== author && tried.has(reason))) sim.saw("fallback");
  };

  const generate = (stream: Stream, data: Data): void => {
    noteChoice(data);
    const answers = data["answers"] as number[];
    stream.open = stream.open.filter((message) => !answers.includes(message.version));
    if (stream.owner === "human") broken("S4", `the bot answered over a person in ${stream.id}`);
    if (answers.length === 0) broken("D8", `a reply in ${stream.id} answers nothing`);
    const shown = prompts.get(String(data["promptHash"]));
    for (const version of answers) {
      if (stream.answered.has(version)) broken("D8", `message ${version} of ${stream.id} is answered twice`);
      stream.answered.add(version);
      const message = stream.events.find((event) => event.version === version);
      const word = wordOf.get(String(message?.data["messageId"]));
      const isEdited = stream.events.some(
        ({ type, data: edit }) => type === "MessageEdited" && edit["original"] === message?.data["messageId"],
      );
      if (word && shown && !isEdited && !shown.includes(word))
        broken("D8", `message ${version} of ${stream.id} is answered by who was not shown it`);
    }
  };

  const evolve = (stream: Stream, version: number, type: string, data: Data): void => {
    stream.events.push({ version, type, data });
    const sendId = String(data["sendId"]);
    const amend = (phase: string) => {
      const intent = stream.intents.get(sendId);
      if (intent) Object.assign(intent, { phase, sinceMs: sim.nowMs() });
    };
    switch (type) {
      case "DeliveryStatusReceived":
        return once(stream, `${String(data["messageId"])}:${String(data["status"])}`);
      case "MessageReceived":
      case "MessageEchoed":
      case "MessageRevoked":
      case "MessageEdited":
      case "ReactionReceived":
        if (type === "MessageReceived") receive(stream, version, data);
        if (type === "MessageRevoked")
          stream.open = stream.open.filter(({ messageId }) => messageId !== data["original"]);
        belongs(stream, String(data["messageId"]));
        return once(stream, String(data["messageId"]));
      case "ContactIdentified":
        if (typeof data["messageId"] === "string") once(stream, data["messageId"]);
        return;
      case "HumanRequested":
      case "HumanTookOver":
        if (stream.events.some((event) => event.type === "ReplyStarted")) sim.saw("taken-over-after-a-claim");
        return hold(stream, version);
      case "BotResumed":
        stream.owner = "bot";
        return;
      case "ReplyDelayed":
        return askPatience(stream, version);
      case "ToolUsed":
        return sim.saw(`tool ${String(data["outcome"])}`);
      case "DialogLeft":
        return leaveDialog(stream, data);
      case "ContextSummarised":
        return summarise(stream, Number(data["upTo"]));
      case "ReplyWithheld":
        return sim.saw(`withheld: ${String(data["reason"])}`);
      case "ReplyGenerated":
        return generate(stream, data);
      case "SendRequested":
        stream.intents.set(sendId, {
          version,
          origin: String(data["origin"]),
          phase: "requested",
          sinceMs: sim.nowMs(),
        });
        return;
      case "SendStarted":
        startSend(stream, sendId);
        return amend("started");
      case "MessageSent":
        return amend("sent");
      case "SendFailed":
        sim.saw(`send failed: ${String(data["reason"])}`);
        return amend(data["retry"] === "later" ? "requested" : "failed");
      case "SendUncertain":
        return amend("uncertain");
      case "SendParked":
        return amend("parked");
      case "SendResolved":
        return amend("resolved");
      case "ConversationMoved":
        stream.movedTo = String(data["to"]);
        return;
      case "ContactErased":
        stream.erased = true;
        return;
    }
  };

  return {
    streams,
    outbound,
    graphSends,
    recorded,
    violation: () => violation,
    broken,
    successor,

    /** A commit is in the log. */
    appended(commit: Commit, codec: Codec): void {
      const events = codec.publish(commit);
      const text = JSON.stringify(events);
      if (text.includes("canary-")) broken("S8", `${commit.stream}@${commit.version} shows what was said`);
      for (const { "detail-type": type } of events) sim.saw(`event ${type}`);
      if (commit.stream.startsWith("unmatched-")) keptStatuses.add(commit.stream.slice("unmatched-".length));
      if (!commit.stream.startsWith("conversation-")) return;
      const stream = streamOf(commit.stream);
      if (commit.version !== stream.head + 1)
        broken("S2", `${commit.stream} went from ${stream.head} to ${commit.version}`);
      for (const { "detail-type": type, detail } of events) evolve(stream, detail.version, type, detail.data);
      stream.head = lastVersion(commit);
    },

    /** What a customer is about to say, so that it is known when it comes. */
    expects(action: Action): void {
      const ids = action.type === "writes" ? action.ids : "id" in action ? [action.id] : [];
      for (const id of ids) {
        const messageId = pseudonyms.messageId(wamidOf(action.customer, id));
        customerOf.set(messageId, action.customer);
        wordOf.set(messageId, `canary-c${action.customer}-${id}`);
      }
      if (action.type === "writes" || action.type === "standby") lastWrote.set(action.customer, sim.nowMs());
    },

    /** Meta heard `200` for what an action said. */
    acknowledged(action: Action): void {
      const ids = action.type === "writes" ? action.ids : "id" in action ? [action.id] : [];
      for (const id of ids) {
        if (!recorded.has(pseudonyms.messageId(wamidOf(action.customer, id))))
          broken("S1", `200 was said for ${id}, which is not in the log`);
      }
    },

    /** Meta heard `200` for a status. */
    statusAcknowledged(wamid: string, status: string): void {
      const messageId = pseudonyms.messageId(wamid);
      heard.set(wamid, (heard.get(wamid) ?? new Set()).add(status));
      if (!recorded.has(`${messageId}:${status}`) && !keptStatuses.has(messageId))
        broken("S1", `200 was said for ${status} of ${wamid}, which is nowhere`);
    },

    /** WhatsApp took a message: its effect has come. */
    accepted(sendRef: string, wamid: string, customer: number, words: readonly string[]): void {
      const ref = parseSendRef(sendRef);
      if (!ref) return broken("S3", "a call carries no reference");
      const sends = [...(graphSends.get(ref.sendId) ?? []), wamid];
      graphSends.set(ref.sendId, sends);
      outbound.set(wamid, { ...ref, customer });
      if (sends.length > 1) broken("S3", `the customer has ${ref.sendId} ${sends.length} times`);
      const intent = streams.get(ref.stream)?.intents.get(ref.sendId);
      if (!intent || intent.phase === "requested")
        broken("D9", `${ref.sendId} was called before it was started`);
      const owner = streams.get(ref.stream)?.customer;
      if (owner !== undefined && owner !== customer)
        broken("S7", `customer ${customer} was sent what is for ${owner}`);
      for (const word of words)
        if (!word.startsWith(`canary-c${customer}-`)) broken("S7", `customer ${customer} was told ${word}`);
    },

    /** The model was shown these words. */
    shown(promptHash: string, words: readonly string[]): void {
      prompts.set(promptHash, words);
      const people = new Set(words.map((word) => word.replace(canaryPattern, "$1")));
      if (people.size > 1) broken("S7", "the model was shown the words of two customers");
    },

    /** A tool was run for whoever can be reached so, as asked for by a model that was shown this customer's words. */
    toolRan(customer: number, scope: ToolScope): void {
      if (!isOf(sim, customer, scope)) broken("S7", `a tool was run for another than customer ${customer}`);
    },

    knowsOf: (wamid: string): boolean =>
      [...streams.values()].some(({ events }) =>
        events.some(
          ({ type, data }) => type === "MessageSent" && data["messageId"] === pseudonyms.messageId(wamid),
        ),
      ),

    projected(view: string, stream: string, version: number): void {
      const head = streams.get(stream)?.head ?? 0;
      if (version > head) broken("S6", `${view} of ${stream} stands at ${version}, which is at ${head}`);
    },

    logged(line: string): void {
      if (line.includes("canary-")) broken("S8", "the log shows what was said");
    },

    /** Statuses for which Meta has heard `200`. */
    heardStatuses: (wamid: string): ReadonlySet<string> => heard.get(wamid) ?? new Set(),

    /** An erasure of these conversations is done: what each held up to its version then may be nowhere. */
    erased(headsBefore: ReadonlyMap<string, number>, ids: readonly string[]): void {
      for (const id of ids)
        for (const { version, data } of streamOf(id).events) {
          const word = wordOf.get(String(data["messageId"]));
          if (word && version <= (headsBefore.get(id) ?? 0)) erasedWords.add(word);
        }
    },

    erasedWords: (): ReadonlySet<string> => erasedWords,

    lastWroteMs: (customer: Customer): number =>
      lastWrote.get(sim.plan.customers.indexOf(customer)) ?? Number.NEGATIVE_INFINITY,

    /** The conversations of a customer, newest first. */
    of: (customer: number): Stream[] =>
      [...streams.values()].filter((stream) => stream.customer === customer).toReversed(),
  };
};
