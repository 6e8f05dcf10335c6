/**
 * The only composition for Lambda. Each part is made when it is first asked for, and exported alone, so that
 * a handler's bundle holds what that handler needs and nothing else. Only `lambda/*.ts` import this.
 */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SNSClient } from "@aws-sdk/client-sns";
import { Resource } from "sst/resource";
import { eventBridgeBus } from "#core/clients/eventbridge-bus.ts";
import { ulids } from "#core/clients/ids.ts";
import { kmsKeys } from "#core/clients/kms-keys.ts";
import type { Notifier } from "#core/clients/notifier.ts";
import { derivePseudonymSecret, pseudonyms as pseudonymsOf } from "#core/clients/pseudonyms.ts";
import { s3MediaStore } from "#core/clients/s3-media-store.ts";
import { sesNotifier } from "#core/clients/ses-notifier.ts";
import { snsNotifier } from "#core/clients/sns-notifier.ts";
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import { graphMedia } from "#core/clients/whatsapp/media.ts";
import { lambdaSecret, lambdaSettings, type LambdaSecrets } from "#core/lambda-config.ts";
import { codec as codecOf } from "#core/store/codec.ts";
import { dynamoCircuits } from "#core/store/dynamo-circuits.ts";
import { dynamoClient } from "#core/store/dynamo-client.ts";
import { dynamoCommitLog } from "#core/store/dynamo-commit-log.ts";
import { dynamoIdentities } from "#core/store/dynamo-identities.ts";
import { dynamoPacing } from "#core/store/dynamo-pacing.ts";
import { dynamoTally } from "#core/store/dynamo-tally.ts";
import { dynamoViewStore } from "#core/store/dynamo-view-store.ts";
import { eventStore } from "#core/store/event-store.ts";
import { mediaBytesMax, sealedMedia } from "#core/store/sealed-media.ts";
import { keysFor, parseApiKeys, type Scope } from "#functions/http/api-keys.ts";
import { jsonLog } from "./log.ts";
import { openCache } from "./open-cache.ts";
import { openCircuits } from "./open-circuits.ts";
import { delay, sleep } from "./timers.ts";

const once = <Made>(make: () => Made): (() => Made) => {
  let made: { it: Made } | undefined;
  return () => (made ??= { it: make() }).it;
};

/** The SDK waits for ever by default; a Lambda that waits is paid for, and its queue tries again anyway. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000 };

/** For so long, a Lambda may not hear that a person was erased or a view rebuilt: it saves a third of all reads. */
const trustMs = 2_000;

const clock = (): Date => new Date();
const random = Math.random;

export const log = /* @__PURE__ */ jsonLog((line) => process.stdout.write(line), clock);

export const secret = <Name extends keyof LambdaSecrets>(name: Name): LambdaSecrets[Name] =>
  lambdaSecret(Resource as unknown as Record<string, unknown>, name);

const dynamo = /* @__PURE__ */ once(() => dynamoClient({ requestHandler }));

export const keys = /* @__PURE__ */ once(() => {
  const { HILO_KEYS_TABLE, HILO_KMS_KEY_ID } = lambdaSettings(["HILO_KEYS_TABLE", "HILO_KMS_KEY_ID"]);
  const kms = new KMSClient({ requestHandler });
  return kmsKeys({ kms, dynamo: dynamo(), table: HILO_KEYS_TABLE, keyId: HILO_KMS_KEY_ID, trustMs });
});

export const store = /* @__PURE__ */ once(() => {
  const { HILO_EVENTS_TABLE: table, HILO_SNAPSHOTS_TABLE: snapshotsTable } = lambdaSettings([
    "HILO_EVENTS_TABLE",
    "HILO_SNAPSHOTS_TABLE",
  ]);
  return eventStore(dynamoCommitLog({ client: dynamo(), table, snapshotsTable }), codecOf(keys()));
});

const viewStore = (isReadOnly: boolean) => {
  const { HILO_VIEWS_TABLE: table } = lambdaSettings(["HILO_VIEWS_TABLE"]);
  return dynamoViewStore({ client: dynamo(), table, trustMs, isReadOnly });
};

/** For whoever only reads them. */
export const views = /* @__PURE__ */ once(() => viewStore(true));

export const identities = /* @__PURE__ */ once(() => {
  const { HILO_IDENTITIES_TABLE: table } = lambdaSettings(["HILO_IDENTITIES_TABLE"]);
  return dynamoIdentities({ client: dynamo(), table });
});

export const bus = /* @__PURE__ */ once(() => {
  const { HILO_BUS_NAME: busName } = lambdaSettings(["HILO_BUS_NAME"]);
  return eventBridgeBus({ client: new EventBridgeClient({ requestHandler }), busName });
});

/** Puts what must wait back into this Lambda's own queue. The client is loaded with the first: who waits has time. */
export const again = /* @__PURE__ */ once(() => {
  const { HILO_QUEUE_URL: queueUrl } = lambdaSettings(["HILO_QUEUE_URL"]);
  const opened = once(async () => (await import("./open-again.ts")).openAgain({ queueUrl, requestHandler }));
  return async (message: { body: string; delayMs: number }): Promise<void> => (await opened())(message);
});

const limits = /* @__PURE__ */ once(() => {
  const { HILO_LIMITS_TABLE: table } = lambdaSettings(["HILO_LIMITS_TABLE"]);
  return { client: dynamo(), table };
});

export const pacing = /* @__PURE__ */ once(() => dynamoPacing({ ...limits(), random, sleep }));

export const circuits = /* @__PURE__ */ once(() => openCircuits(dynamoCircuits(limits()), { clock, log }));

export const tally = /* @__PURE__ */ once(() => dynamoTally(limits(), () => clock().getTime()));

export const pseudonyms = /* @__PURE__ */ once(() =>
  pseudonymsOf(derivePseudonymSecret(Buffer.from(secret("PseudonymSecret")))),
);

/** How Bedrock is asked, by whoever asks it. */
export const modelSettings = () =>
  lambdaSettings([
    "HILO_MODEL",
    "HILO_PROMPTS_DIR",
    "HILO_BEDROCK_REGION",
    "HILO_BEDROCK_SUMMARY_MODEL",
    "HILO_BEDROCK_GUARDRAIL",
    "HILO_BEDROCK_GUARDRAIL_VERSION",
  ]);

/** What a person must mend, such as access that is missing: docs/deploy.md says how. */
export const reportModel = (reason: string): void => log("error", "a model can't be asked", { reason });

export const cache = /* @__PURE__ */ once(() =>
  openCache(lambdaSettings(["HILO_CACHE_URL"]).HILO_CACHE_URL, { clock, log }),
);

export const whatsapp = /* @__PURE__ */ once(() => {
  const config = lambdaSettings(["HILO_GRAPH_URL", "HILO_GRAPH_VERSION", "HILO_GRAPH_HISTORY"]);
  return graphClient({
    url: config.HILO_GRAPH_URL,
    version: config.HILO_GRAPH_VERSION,
    token: secret("GraphToken"),
    historyIsComplete: config.HILO_GRAPH_HISTORY === "complete",
  });
});

/** Where files are downloaded from. */
export const files = /* @__PURE__ */ once(() => {
  const config = lambdaSettings(["HILO_GRAPH_URL", "HILO_GRAPH_VERSION"]);
  return graphMedia({
    url: config.HILO_GRAPH_URL,
    version: config.HILO_GRAPH_VERSION,
    token: secret("GraphToken"),
    bytesMax: mediaBytesMax,
  });
});

/** A file may have 100 MB, which takes longer than a row of a table. */
const fileHandler = { connectionTimeout: 1_000, requestTimeout: 25_000 };

/** Where they are kept. */
export const media = /* @__PURE__ */ once(() => {
  const { HILO_MEDIA_BUCKET: bucket } = lambdaSettings(["HILO_MEDIA_BUCKET"]);
  return sealedMedia(s3MediaStore({ client: new S3Client({ requestHandler: fileHandler }), bucket }), keys());
});

/** By topic always, by mail where somebody is named. */
export const notifiers = /* @__PURE__ */ once((): Notifier[] => {
  const {
    HILO_NOTIFY_TOPIC_ARN: topicArn,
    HILO_NOTIFY_FROM: from,
    HILO_NOTIFY_TO: to,
  } = lambdaSettings(["HILO_NOTIFY_TOPIC_ARN", "HILO_NOTIFY_FROM", "HILO_NOTIFY_TO"]);
  const topic = snsNotifier({ client: new SNSClient({ requestHandler }), topicArn });
  if (from === "" || to.length === 0) return [topic];
  return [topic, sesNotifier({ client: new SESv2Client({ requestHandler }), from, to })];
});

/** What every command needs to decide and append. */
export const handling = /* @__PURE__ */ once(() => ({
  store: store(),
  clock,
  newId: ulids(clock),
  random,
  sleep,
  delay,
  log,
}));

/** The keys of the API that open this scope. */
export const apiKeys = (scope: Scope): string[] => keysFor(parseApiKeys(secret("ApiKeys")), scope);

/** What every projection needs. */
export const projecting = /* @__PURE__ */ once(() => ({ store: store(), views: viewStore(false), log }));
