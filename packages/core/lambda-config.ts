/** The settings and secrets of a Lambda, and what reads them there. Each schema is made only where it is asked for: it is time of a cold start. */
import * as z from "zod";
import {
  graphVersion,
  httpUrl,
  list,
  oneSecretOrTwo,
  phoneNumberId,
  region,
  secret,
  usd,
  wholeNumber,
} from "./setting.ts";

const named = (what: string) => () => z.string(`expected ${what}`).min(1, `expected ${what}`);
const text = () => z.string().default("");
const texts = () => list(z.string()).prefault("");

/** As `stacks/` sets them; each Lambda has those that it needs. */
const settings = {
  /** The deployment that this is part of. */
  HILO_STAGE: named("the stage's name"),
  HILO_EVENTS_TABLE: named("the table of events"),
  HILO_SNAPSHOTS_TABLE: named("the table of snapshots"),
  HILO_VIEWS_TABLE: named("the table of views"),
  HILO_IDENTITIES_TABLE: named("the table of identities"),
  HILO_KEYS_TABLE: named("the table of persons' keys"),
  /** The KMS key that wraps persons' keys. */
  HILO_KMS_KEY_ID: named("the id or ARN of a KMS key"),
  HILO_LIMITS_TABLE: named("the table of rates and circuits"),
  HILO_BUS_NAME: named("the name of the bus"),
  /** The queue that this Lambda takes its messages from. */
  HILO_QUEUE_URL: () => httpUrl("expected the URL of a queue"),
  HILO_GRAPH_URL: () => httpUrl().default("https://graph.facebook.com"),
  HILO_GRAPH_VERSION: graphVersion,
  HILO_GRAPH_HISTORY: () =>
    z.enum(["complete", "partial"], "expected complete or partial").default("partial"),
  /** Numbers that are ours, separated by commas; updates for others are set aside. Empty means any. */
  HILO_PHONE_NUMBER_IDS: () => list(phoneNumberId()).prefault(""),
  HILO_QUIET_MS: () => wholeNumber(0, 10_000),
  /** What a number may send and receive in a second. */
  HILO_NUMBER_PER_SECOND: () => wholeNumber(1, 1_000),
  /** After how many minutes without anything from a person the bot answers again; 0 means never. */
  HILO_HAND_BACK_MINUTES: () => wholeNumber(0, 100_000),
  /** After how many days without anything from or to them people are erased. */
  HILO_RETENTION_DAYS: () => wholeNumber(1, 36_500),
  /** A JSON file of approved templates, relative to the Lambda's own folder. Empty means none. */
  HILO_TEMPLATES: text,
  /** The bucket of files that customers sent. */
  HILO_MEDIA_BUCKET: named("the bucket of media"),
  /** The topic by which people are told that a conversation waits for one of them. */
  HILO_NOTIFY_TOPIC_ARN: named("the ARN of a topic"),
  /** Who mails them, and whom: without both, nobody is mailed. */
  HILO_NOTIFY_FROM: text,
  HILO_NOTIFY_TO: texts,
  /** Where a conversation can be looked at, `{id}` standing for its id. Empty for nowhere. */
  HILO_CONVERSATION_LINK: text,
  /** The knowledge base as it was compiled, relative to the Lambda's own folder, where `stacks/` copies it. */
  HILO_KNOWLEDGE_FILE: () => z.string().min(1).default("knowledge.json"),
  /** A knowledge base of Amazon Bedrock to answer from instead; empty means the files. */
  HILO_KNOWLEDGE_BASE_ID: text,
  HILO_MODEL: () => z.enum(["offline", "bedrock"], "expected offline or bedrock"),
  /** Relative to the Lambda's own folder, too. */
  HILO_PROMPTS_DIR: () => z.string().min(1).default("prompts"),
  HILO_BEDROCK_REGION: () => region().default("us-east-1"),
  /** The preferred one first, separated by commas. */
  HILO_BEDROCK_MODELS: texts,
  HILO_BEDROCK_SUMMARY_MODEL: text,
  /** Id or ARN; empty means none. */
  HILO_BEDROCK_GUARDRAIL: text,
  HILO_BEDROCK_GUARDRAIL_VERSION: () => z.string().default("DRAFT"),
  /** A folder beside the code, too; empty means no structured dialogs. */
  HILO_FLOWS: text,
  /** A bot that leads them instead, and which alias of it. */
  HILO_LEX_BOT_ID: text,
  HILO_LEX_BOT_ALIAS_ID: text,
  /** Separated by commas. */
  HILO_LEX_LOCALES: texts,
  /** Where contexts are kept at hand; empty means in this Lambda's memory. */
  HILO_CACHE_URL: text,
  /** Separated by commas. */
  HILO_LINK_HOSTS: texts,
  HILO_CONTACT_BUDGET_USD: usd,
  HILO_CONTACT_REPLIES: () => wholeNumber(1, 100_000),
  HILO_DAY_BUDGET_USD: usd,
  /** Empty means that the model has no such tool. */
  HILO_ORDERS_URL: text,
  /** JSON files beside the code; empty means none, and of rate cards the one that comes with Hilo. */
  HILO_OPENING_HOURS: text,
  HILO_RATE_CARD: text,
};

/** As `sst secret set` takes them. */
const secrets = {
  /** Two, separated by a comma, while one replaces the other. */
  AppSecret: oneSecretOrTwo,
  VerifyToken: secret,
  GraphToken: secret,
  /** Bearer tokens of the API; `functions/http/api-keys.ts` says in which form. */
  ApiKeys: secret,
  /** May never change: everything that is stored under a pseudonym would be lost from sight. */
  PseudonymSecret: () => secret(32),
};

type Schemas = Record<string, () => z.ZodType>;
type Values<All extends Schemas> = { [Name in keyof All]: z.infer<ReturnType<All[Name]>> };
export type LambdaSettings = Values<typeof settings>;
export type LambdaSecrets = Values<typeof secrets>;

/** A setting or a secret that can't be used: its message names it and says what is allowed, never what it is. */
export class LambdaConfigError extends Error {
  override name = "LambdaConfigError";
}

/** Some of the settings. Throws a `LambdaConfigError` that names every wrong one. */
export const lambdaSettings = <Name extends keyof LambdaSettings>(
  names: readonly Name[],
  env: Record<string, string | undefined> = process.env,
): Pick<LambdaSettings, Name> => valid(settings, names, (name) => env[name]);

/** One of the secrets, from what SST links to the Lambda. Throws a `LambdaConfigError` that names it. */
export const lambdaSecret = <Name extends keyof LambdaSecrets>(
  links: Readonly<Record<string, unknown>>,
  name: Name,
): LambdaSecrets[Name] =>
  valid(secrets, [name], () => {
    const link = links[name];
    return typeof link === "object" && link !== null && "value" in link ? link.value : undefined;
  })[name];

const valid = <All extends Schemas, Name extends keyof All & string>(
  schemas: All,
  names: readonly Name[],
  valueOf: (name: Name) => unknown,
): Pick<Values<All>, Name> => {
  const results = names.map((name) => [name, schemas[name]?.().safeParse(valueOf(name))] as const);
  const faults = results.flatMap(([name, result]) =>
    (result?.error?.issues ?? []).map(({ message }) => `${name}: ${message}`),
  );
  if (faults.length > 0) throw new LambdaConfigError(faults.join("\n"));
  return Object.fromEntries(results.map(([name, result]) => [name, result?.data])) as Pick<Values<All>, Name>;
};
