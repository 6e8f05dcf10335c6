/** The handlers' world in memory: real stores, a clock to turn, a WhatsApp that does as it is told. */
import type { SQSBatchResponse } from "aws-lambda";
import { fileDialog } from "#core/clients/flows/file-dialog.ts";
import type { CurrentKnowledge } from "#core/clients/follow-knowledge.ts";
import { knowledgeOf } from "#core/clients/knowledge.ts";
import type { Answer, AnswerRequest, Model } from "#core/clients/model.ts";
import type { AnswerRules } from "#core/clients/answer-rules.ts";
import { pseudonyms } from "#core/clients/pseudonyms.ts";
import { sign } from "#core/clients/whatsapp/signature.ts";
import type { SendOutcome, WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { BusEvent } from "#core/events/bus.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { conversations } from "#core/store/conversations.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { sqliteIdentities } from "#core/store/sqlite-identities.ts";
import { memoryHilo } from "#core/testing/memory-hilo.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import type { Candidate } from "#core/domain/choose-model.ts";
import { sqliteTally } from "#core/store/sqlite-tally.ts";
import type { OfferedModel } from "#functions/answering/ask-models.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import { sqsRecord } from "#functions/testing/sqs-record.ts";
import type { Tool } from "#functions/tools/tool.ts";
import { circuits } from "#core/clients/circuit-breaker.ts";
import type { Template } from "#core/domain/templates.ts";
import { sqliteCircuits } from "#core/store/sqlite-circuits.ts";
import { sqlitePacing } from "#core/store/sqlite-pacing.ts";
import { ulids } from "#core/clients/ids.ts";

export const appSecret = "test-app-secret";
export const startOfTest = Date.parse("2026-11-23T12:00:00.000Z");

export type World = ReturnType<typeof world>;

export const world = () => {
  let now = startOfTest;
  const clock = () => new Date(now);
  const memory = memoryHilo();
  const whatsapp = toldWhatsApp();
  const model = toldModel();
  const timers = new Set<{ atMs: number; act: () => void }>();
  const pass = (ms: number): void => {
    now += ms;
    for (const timer of timers) {
      if (timer.atMs > now) continue;
      timers.delete(timer);
      timer.act();
    }
  };
  const logged: string[] = [];
  const again: { queue: string; body: string; delayMs: number }[] = [];
  const deps = {
    ...memory,
    identities: sqliteIdentities(openSqlite(":memory:", { durability: "normal" })),
    pseudonyms: pseudonyms(Buffer.alloc(32, 7)),
    clock,
    newId: ulids(clock),
    random: () => 0.5,
    sleep: async (ms: number) => pass(ms),
    delay: (ms: number, act: () => void) => {
      const timer = { atMs: now + ms, act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    log: (level: string, message: string, fields: object = {}) =>
      void logged.push(JSON.stringify({ level, message, ...fields })),
    whatsapp: whatsapp.client,
    models: [offered("told", model.client)] as OfferedModel[],
    dialog: fileDialog([]),
    knowledge: (async () => knowledgeOf([])) as CurrentKnowledge,
    toolbox: [] as Tool[],
    answerRules: { linkHosts: [], secrets: [] } as AnswerRules,
    tally: sqliteTally(openSqlite(":memory:", { durability: "normal" }), () => now),
    allowance: { usd: 1, replies: 100 },
    dayUsd: Number.POSITIVE_INFINITY,
    quietMs: 500,
    again: async (message: { queue: string; body: string; delayMs: number }) => void again.push(message),
    pacing: sqlitePacing(openSqlite(":memory:", { durability: "normal" })),
    circuits: circuits({ store: sqliteCircuits(openSqlite(":memory:", { durability: "normal" })), clock }),
    numberPerSecond: 80,
    templates: [] as Template[],
    handBackMs: 8 * 3_600_000,
    appSecrets: [appSecret],
    verifyToken: "test-verify-token",
    phoneNumberIds: [] as string[],
  };

  const events = async (stream: string): Promise<RecordedEvent[]> => {
    const all: RecordedEvent[] = [];
    for await (const page of deps.store.read(stream)) all.push(...page);
    return all;
  };

  const streams = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { stream } of conversations(deps.store.log)) found.push(stream);
    return found;
  };

  return {
    deps,
    whatsapp: whatsapp.told,
    model: model.told,
    logged,
    /** What was put back for later. */
    again,
    events,
    streams,
    /** Time passes, and what was to happen meanwhile does. */
    pass,

    /** Posts a body to the webhook, signed. Answers the HTTP status. */
    async post(body: unknown, { signature }: { signature?: string } = {}): Promise<number> {
      const raw = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      const event = {
        httpMethod: "POST",
        headers: { "X-Hub-Signature-256": signature ?? sign(raw, appSecret) },
        body: raw.toString("base64"),
        isBase64Encoded: true,
      };
      const answer = await receiveWebhook(deps)(
        event as unknown as Parameters<ReturnType<typeof receiveWebhook>>[0],
      );
      return answer.statusCode;
    },

    /** All conversations' event types, in order. */
    async types(stream: string): Promise<string[]> {
      return (await events(stream)).map(({ type }) => type);
    },

    /** Hands a handler the event of a stream as the queue would. True when it need not come again. */
    async deliver(handler: QueueHandler, stream: string, version: number): Promise<boolean> {
      const waiting = again.length;
      const event = await busEvent(deps, stream, version);
      const { batchItemFailures }: SQSBatchResponse = await handler({
        Records: [sqsRecord(event.detail.id, JSON.stringify(event))],
      });
      return batchItemFailures.length === 0 && again.length === waiting;
    },
  };
};

const busEvent = async (
  { store }: ReturnType<typeof memoryHilo>,
  stream: string,
  version: number,
): Promise<BusEvent> => {
  for await (const commits of store.log.read(stream, { from: version, to: version })) {
    const event = commits.flatMap(store.codec.publish).find(({ detail }) => detail.version === version);
    if (event) return event;
  }
  throw new Error(`there is no version ${version}`);
};

/** Sends succeed unless `next` says otherwise; `found` is what message history answers. */
const toldWhatsApp = () => {
  const told = {
    next: [] as SendOutcome[],
    found: { found: "unknown", reason: "no-history" } as Awaited<ReturnType<WhatsApp["findSent"]>>,
    /** Runs inside a call, before it returns. */
    during: async () => {},
    sent: [] as Parameters<WhatsApp["send"]>[0][],
    typing: 0,
  };
  const client: WhatsApp = {
    async send(message) {
      told.sent.push(message);
      await told.during();
      return told.next.shift() ?? { outcome: "sent", wamid: `wamid.out${told.sent.length}` };
    },
    findSent: async () => told.found,
    upload: async () => ({ mediaId: "1037543291543636" }),
    async showTyping() {
      told.typing++;
      return true;
    },
  };
  return { client, told };
};

const answer: Answer = {
  text: "A las 8:00.",
  language: "es",
  intent: "answer",
  confidence: 0.9,
  needsHuman: false,
  sources: ["opening-hours.es.md"],
  model: { id: "told", source: "offline", parameters: {} },
  promptHash: "hash",
};

/** A model as the pipeline is offered it: free, quick and good enough for anything, unless said otherwise. */
export const offered = (id: string, model: Model, facts: Partial<Candidate> = {}): OfferedModel => ({
  model,
  candidate: () => ({ id, expectedMs: 100, costUsd: 0, quality: 3, ...facts }),
});

const toldModel = () => {
  const told = { asked: [] as AnswerRequest[], answer, during: async (_request: AnswerRequest) => {} };
  const client: Model = {
    async answer(request) {
      told.asked.push(request);
      await told.during(request);
      return told.answer;
    },
  };
  return { client, told };
};
