/** One exchange on DynamoDB, through the handlers themselves: a message, its reply, three statuses, all views. */
import { compilePattern } from "#local/event-pattern.ts";
import { sign } from "#core/clients/whatsapp/signature.ts";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { circuits } from "#core/clients/circuit-breaker.ts";
import { kmsKeys } from "#core/clients/kms-keys.ts";
import { memoryCache } from "#core/clients/memory-cache.ts";
import { offlineSummariser } from "#core/clients/offline-summariser.ts";
import type { BusEvent } from "#core/events/bus.ts";
import type { ModelUse } from "#core/events/conversation.ts";
import { codec } from "#core/store/codec.ts";
import type { Commit } from "#core/store/commit-log.ts";
import { dynamoCommitLog } from "#core/store/dynamo-commit-log.ts";
import { dynamoCircuits } from "#core/store/dynamo-circuits.ts";
import { dynamoIdentities } from "#core/store/dynamo-identities.ts";
import { dynamoPacing } from "#core/store/dynamo-pacing.ts";
import { dynamoTally } from "#core/store/dynamo-tally.ts";
import { dynamoViewStore } from "#core/store/dynamo-view-store.ts";
import { eventStore } from "#core/store/event-store.ts";
import { publishCommit } from "#core/store/stored-events.ts";
import { subscriptions } from "#core/subscriptions.ts";
import { newDynamoTable } from "#core/testing/dynamo-table.ts";
import { fakeKms } from "#core/testing/fake-kms.ts";
import { watch, type Request } from "#core/testing/watched-client.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import { sendMessage } from "#functions/commands/send-message.ts";
import { summariseContext } from "#functions/commands/summarise-context.ts";
import { projectContext } from "#functions/projections/context.ts";
import { projectConversationList } from "#functions/projections/conversation-list.ts";
import { projectCosts } from "#functions/projections/costs.ts";
import { projectParkedSends } from "#functions/projections/parked-sends.ts";
import { projectTranscript } from "#functions/projections/transcript.ts";
import type { QueueHandler } from "#functions/shared/each-event.ts";
import { jsonLog } from "#functions/shared/log.ts";
import { sqsRecord } from "#functions/testing/sqs-record.ts";
import { message, statusOf, webhook } from "#functions/testing/webhooks.ts";
import { appSecret, offered, world } from "#functions/testing/world.ts";

/** As in `wiring.ts`. */
const trustMs = 2_000;
/** Messages of one invocation at most, as in `subscriptions.ts`. */
const batchSize = 10;
/** From one step of an exchange to the next: long enough that nothing is remembered. */
const secondsBetween = 3;

/** As a small model's answer to it, from what it is shown of the business. */
const use: ModelUse = {
  inputTokens: 1_500,
  outputTokens: 150,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0.000_25,
  durationMs: 900,
};

/** What one exchange asked of AWS, to be counted and priced. */
export type Exchange = {
  calls: Call[];
  webhooks: number;
  commits: number;
  /** Entries on the bus. */
  events: number;
  /** Per subscriber: messages of its queue, and invocations for them. */
  delivered: Record<string, { messages: number; invocations: number }>;
  kmsRequests: number;
  logBytes: number;
  /** Of the log's items, kept for life. */
  storedBytes: number;
};

export type Call = { during: string; table: string; command: string; writeUnits: number; readUnits: number };

const who = { phone: "34600000001", userId: "ES.1000000001" };
const question = "Hola, ¿tenéis mesa para cuatro el sábado a las nueve? Venimos con un carrito.";
const reply =
  "¡Hola! Los sábados abrimos de 13:00 a 16:30 y de 20:00 a 00:30. Para cuatro personas puedes reservar por " +
  "este mismo chat: dime a qué nombre y si necesitas trona. El carrito no es problema, la entrada es accesible.";

export const conversationOnDynamo = async (endpoint: string) => {
  const calls: Call[] = [];
  let during = "";
  let storedBytes = 0;
  const note = ({ command, input, output }: Request) => {
    calls.push(...consumed(during, command, output));
    const item = input["TableName"] === table ? (input["Item"] as Item | undefined) : undefined;
    if (item) storedBytes += sizeOf(item);
  };
  const { client, table } = await newDynamoTable(endpoint, "events");
  watch(client, { before: ({ input }) => void (input["ReturnConsumedCapacity"] = "INDEXES"), after: note });
  const tableOf = async (schema: Parameters<typeof newDynamoTable>[1]) =>
    (await newDynamoTable(endpoint, schema, client)).table;
  const tables = {
    snapshots: await tableOf("snapshots"),
    views: await tableOf("views"),
    identities: await tableOf("identities"),
    keys: await tableOf("keys"),
    limits: await tableOf("limits"),
  };
  const limits = { client, table: tables.limits };
  const { client: kms, requests: kmsRequests } = fakeKms("key-1");
  const appended: Commit[] = [];
  const {
    deps: inMemory,
    model: { answer },
    pass,
  } = world();
  let logBytes = 0;
  const log = jsonLog((line) => (logBytes += Buffer.byteLength(line)), inMemory.clock);
  const now = () => inMemory.clock().getTime();

  /** Composed as `wiring.ts` does, anew for each Lambda: what one remembers, another does not. */
  const lambda = () => {
    const keys = kmsKeys({ kms, dynamo: client, table: tables.keys, keyId: "key-1", trustMs, now });
    const commits = dynamoCommitLog({ client, table, snapshotsTable: tables.snapshots });
    const noticing = {
      ...commits,
      append: async (commit: Commit) => (await commits.append(commit)) && appended.push(commit) > 0,
    };
    return {
      ...inMemory,
      log,
      store: eventStore(noticing, codec(keys)),
      keys,
      views: dynamoViewStore({ client, table: tables.views, trustMs, now }),
      identities: dynamoIdentities({ client, table: tables.identities }),
      pacing: dynamoPacing({ ...limits, random: inMemory.random, sleep: inMemory.sleep }),
      circuits: circuits({ store: dynamoCircuits(limits), clock: inMemory.clock }),
      tally: dynamoTally(limits, now),
      dayUsd: 50,
      cache: memoryCache({ clock: inMemory.clock }),
      summariser: offlineSummariser(),
      models: [offered("told", { answer: async () => ({ ...answer, text: reply, use }) })],
    };
  };
  const receiver = receiveWebhook(lambda());
  const handlers: Record<string, QueueHandler> = {
    "generate-reply": generateReply(lambda()),
    "send-message": sendMessage(lambda()),
    "conversation-list": projectConversationList(lambda()),
    transcript: projectTranscript(lambda()),
    context: projectContext(lambda()),
    "summarise-context": summariseContext(lambda()),
    "parked-sends": projectParkedSends(lambda()),
    costs: projectCosts(lambda()),
  };
  const rules = subscriptions.map(({ name, pattern }) => ({ name, matches: compilePattern(pattern) }));
  const queues = new Map(subscriptions.map(({ name }) => [name, [] as BusEvent[]]));

  const counts = { webhooks: 0, commits: 0, events: 0, delivered: {} as Exchange["delivered"] };

  const route = () => {
    for (const commit of appended.splice(0)) {
      counts.commits++;
      for (const event of publishCommit(commit)) {
        counts.events++;
        for (const { name } of rules.filter(({ matches }) => matches(event))) queues.get(name)?.push(event);
      }
    }
  };

  /** Hands a subscriber what waits for it, as one batch. */
  const deliver = async (name: string): Promise<void> => {
    route();
    const events = queues.get(name)?.splice(0) ?? [];
    if (events.length === 0) return;
    during = name;
    const { messages = 0, invocations = 0 } = counts.delivered[name] ?? {};
    counts.delivered[name] = {
      messages: messages + events.length,
      invocations: invocations + Math.ceil(events.length / batchSize),
    };
    const failed = await handlers[name]?.({
      Records: events.map((event) => sqsRecord(event.detail.id, JSON.stringify(event))),
    });
    if (failed?.batchItemFailures.length !== 0) throw new Error(`${name} failed`);
  };

  const views = async () => {
    for (const { name, folder } of subscriptions) if (folder === "projections") await deliver(name);
  };

  const post = async (name: string, body: object): Promise<void> => {
    during = name;
    counts.webhooks++;
    const raw = Buffer.from(JSON.stringify(body));
    const request = {
      httpMethod: "POST",
      headers: { "X-Hub-Signature-256": sign(raw, appSecret) },
      body: raw.toString(),
      isBase64Encoded: false,
    };
    const answer = await receiver(request as never);
    if (answer.statusCode !== 200) throw new Error(`the webhook answered ${answer.statusCode}`);
  };

  let exchanges = 0;
  return {
    /**
     * One message, its reply and three statuses; answers what each call to DynamoDB cost. `viewsAfter` says
     * after which steps the views' queues are emptied: each step alone, or some at once in a batching window.
     */
    async exchange(viewsAfter: readonly Step[]): Promise<Exchange> {
      calls.length = kmsRequests.length = logBytes = storedBytes = 0;
      Object.assign(counts, { webhooks: 0, commits: 0, events: 0, delivered: {} });
      exchanges++;
      const wamid = `wamid.out${exchanges}`;
      const step = async (name: Step, act: () => Promise<void>) => {
        await act();
        pass(secondsBetween * 1_000);
        if (viewsAfter.includes(name)) await views();
      };
      const status = (status: string) => () =>
        post(`status ${status}`, webhook(statusOf(wamid, status, now(), undefined)));
      await step("message", () =>
        post(
          "message",
          webhook(
            message(who, `wamid.in${exchanges}`, now(), {
              type: "text",
              text: { body: question },
            }),
          ),
        ),
      );
      await step("reply", async () => {
        await deliver("generate-reply");
        await deliver("summarise-context");
      });
      await step("send", () => deliver("send-message"));
      await step("sent", status("sent"));
      await step("delivered", status("delivered"));
      await step("read", status("read"));
      route();
      return {
        ...structuredClone(counts),
        calls: [...calls],
        kmsRequests: kmsRequests.length,
        logBytes,
        storedBytes,
      };
    },
  };
};

export const steps = ["message", "reply", "send", "sent", "delivered", "read"] as const;
export type Step = (typeof steps)[number];

type Capacity = {
  TableName: string;
  CapacityUnits: number;
  Table?: { CapacityUnits: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
};

type Item = Record<string, AttributeValue>;

/** As DynamoDB counts: names and values (its documentation, "Item sizes and formats"). */
const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + name.length + valueSize(value), 0);

const valueSize = ({ S, N, B, L, M }: AttributeValue): number => {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B) return B.byteLength;
  if (L) return L.reduce((sum, value) => sum + 1 + valueSize(value), 3);
  return M ? 3 + sizeOf(M) : 1;
};

const consumed = (during: string, command: string, output: Record<string, unknown>): Call[] => {
  const of = [output["ConsumedCapacity"] ?? []].flat() as Capacity[];
  const isWrite = /^(Put|Update|Delete|BatchWrite)/.test(command);
  return of.map(({ TableName, CapacityUnits }) => ({
    during,
    table: TableName.slice(0, TableName.indexOf("-")),
    command: command.replace("Command", ""),
    writeUnits: isWrite ? CapacityUnits : 0,
    readUnits: isWrite ? 0 : CapacityUnits,
  }));
};
