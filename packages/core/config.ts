/** The settings, `HILO_*`, of Hilo on one machine; `lambda-config.ts` has those of a Lambda. Nothing else reads the environment. */
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

const folder = z.string().min(1, "expected a folder");
const lexId = z.string().regex(/^([A-Z0-9]{10})?$/, "expected 10 capital letters and digits");
const modelId = z
  .string()
  .regex(/^[A-Za-z0-9.:-]{1,128}$/, "expected ids of models, such as amazon.nova-micro-v1:0");
const host = z
  .string()
  .regex(
    /^([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/,
    "expected host names such as example.com, in small letters",
  );

export const Config = z.object({
  /** Port to listen on, on this machine only; 0 picks a free one. */
  HILO_PORT: wholeNumber(0, 65_535).default(3000),
  /** Where all state lives. */
  HILO_DATA_DIR: folder.default(".hilo"),
  /** The app secret that signs webhooks; a second one, after a comma, is accepted too while it rotates. */
  HILO_APP_SECRET: oneSecretOrTwo().prefault("local-app-secret"),
  /** What Meta must send when it verifies the webhook. */
  HILO_VERIFY_TOKEN: secret().default("local-verify-token"),
  /** The bearer token of the query API. */
  HILO_API_KEY: secret().default("local-api-key"),
  /** Files to answer from, `NAME.<language>.md` and `NAME.<language>.pdf`. */
  HILO_KNOWLEDGE_DIR: folder.default("knowledge"),
  /** A knowledge base of Amazon Bedrock to answer from instead; empty means the files. */
  HILO_KNOWLEDGE_BASE_ID: z
    .string()
    .regex(/^([A-Za-z0-9]{10})?$/, "expected 10 letters and digits")
    .default(""),
  /** What writes the answers: `offline` repeats passages, `bedrock` and `openai-compatible` generate. */
  HILO_MODEL: z
    .enum(["offline", "bedrock", "openai-compatible"], "expected offline, bedrock or openai-compatible")
    .default("offline"),
  /** Markdown files that tell a generating model what to do: `answer.md`, `summarise.md`. */
  HILO_PROMPTS_DIR: folder.default("prompts"),
  /** Where Bedrock is asked. Credentials are found as the AWS command line finds them. */
  HILO_BEDROCK_REGION: region().default("us-east-1"),
  /** The models to ask on Bedrock, the preferred one first, by ids of the catalogue or of inference profiles. */
  HILO_BEDROCK_MODELS: list(modelId)
    .pipe(z.array(z.string()).min(1, "expected at least one model").max(8, "expected at most 8 models"))
    .prefault("anthropic.claude-haiku-5-5,amazon.nova-2-lite-v1:0,amazon.nova-micro-v1:0"),
  /** The model that makes long conversations shorter: a cheap one will do. */
  HILO_BEDROCK_SUMMARY_MODEL: modelId.default("amazon.nova-micro-v1:0"),
  /** Id or ARN of a guardrail for what goes to Bedrock and what comes back; empty means none. */
  HILO_BEDROCK_GUARDRAIL: z
    .string()
    .regex(/^[A-Za-z0-9:/_-]{0,2048}$/, "expected a guardrail's id or ARN")
    .default(""),
  /** Its version: a number, or `DRAFT` while it is tried out. */
  HILO_BEDROCK_GUARDRAIL_VERSION: z
    .string()
    .regex(/^(DRAFT|[1-9]\d{0,7})$/, "expected a number or DRAFT")
    .default("DRAFT"),
  /** An OpenAI-compatible endpoint, up to and without `/chat/completions`. */
  HILO_MODEL_URL: z.union([z.literal(""), httpUrl()]).default(""),
  /** The model to ask there. */
  HILO_MODEL_NAME: z.string().max(200, "expected at most 200 characters").default(""),
  /** What that endpoint wants as a bearer token; empty means nothing. */
  HILO_MODEL_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{0,4096}$/, "expected printable ASCII without spaces")
    .default(""),
  /** Structured dialogs as `*.json` files, such as a reservation; empty means none. */
  HILO_FLOWS: z.string().default("flows"),
  /** A bot of Amazon Lex V2 to lead them instead; empty means the files. */
  HILO_LEX_BOT_ID: lexId.default(""),
  /** Which of its aliases. */
  HILO_LEX_BOT_ALIAS_ID: lexId.default(""),
  /** The bot's locales, one for each language that it leads in. */
  HILO_LEX_LOCALES: list(
    z.string().regex(/^(en|es|pt)_[A-Z0-9]{2,3}$/, "expected locales such as en_US,es_419"),
  ).prefault("en_US,es_ES"),
  /** The Graph API; empty means the simulator's, on the port above. */
  HILO_GRAPH_URL: z.union([z.literal(""), httpUrl()]).default(""),
  /** Version of the Graph API. */
  HILO_GRAPH_VERSION: graphVersion().default("v26.0"),
  /** The token that the Graph API wants. */
  HILO_GRAPH_TOKEN: secret().default("local-graph-token"),
  /** Numbers that are ours, separated by commas; updates for others are set aside. Empty means any. */
  HILO_PHONE_NUMBER_IDS: list(phoneNumberId()).prefault(""),
  /** How long a customer must be quiet before the bot answers, in milliseconds. */
  HILO_QUIET_MS: wholeNumber(0, 10_000).default(700),
  /** What a number may send and receive in a second: 80, or 1,000 once Meta has raised it. */
  HILO_NUMBER_PER_SECOND: wholeNumber(1, 1_000).default(80),
  /** After how many minutes without anything from a person the bot answers again; 0 means never. */
  HILO_HAND_BACK_MINUTES: wholeNumber(0, 100_000).default(480),
  /** A JSON file of approved templates, for when the 24-hour window is closed; empty means none. */
  HILO_TEMPLATES: z.string().default(""),
  /** After how many days without anything from or to them people are erased; 0 keeps everyone for life. */
  HILO_RETENTION_DAYS: wholeNumber(0, 36_500).default(0),
  /** Valkey or Redis, where contexts are kept at hand, such as `rediss://host:6379`; empty means this process's memory. */
  HILO_CACHE_URL: z
    .union([z.literal(""), z.url({ protocol: /^rediss?$/, error: "expected a redis:// or rediss:// URL" })])
    .default(""),
  /** What answers to one customer may cost in a day, in US dollars; after it only free answers, and the offer of a person. */
  HILO_CONTACT_BUDGET_USD: usd().default(0.25),
  /** How many answers one customer gets in a day. */
  HILO_CONTACT_REPLIES: wholeNumber(1, 100_000).default(200),
  /** What all answers of one number may cost in a day, in US dollars; 0 means no limit. */
  HILO_DAY_BUDGET_USD: usd().default(50),
  /** Hosts that answers may link to besides what the knowledge base names, separated by commas, with what is below them. */
  HILO_LINK_HOSTS: list(host).prefault(""),
  /** Where a customer's orders are looked up, for the model's tool; empty means it has none. */
  HILO_ORDERS_URL: z.union([z.literal(""), httpUrl()]).default(""),
  /** A JSON file of opening hours, for the model's tool; empty means it has none. */
  HILO_OPENING_HOURS: z.string().default(""),
  /** A JSON file of what WhatsApp charges; empty means the one that comes with Hilo, which knows few markets. */
  HILO_RATE_CARD: z.string().default(""),
  /** Where people look at a conversation, with `{id}` in place of its id; empty means that it is told by its id alone. */
  HILO_CONVERSATION_LINK: z
    .union([z.literal(""), httpUrl().refine((link) => link.includes("{id}"), "expected {id} in it")])
    .default(""),
  /** Whether message history proves that a message was never sent: `auto` trusts the simulator's and no other. */
  HILO_GRAPH_HISTORY: z
    .enum(["auto", "complete", "partial"], "expected auto, complete or partial")
    .default("auto"),
});
export type Config = z.infer<typeof Config>;

/** A setting that can't be used: its message names it and says what is allowed. */
export class ConfigError extends Error {}

/** Reads the settings. Throws a `ConfigError` that names every wrong one and what is allowed. */
export const readConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const parsed = Config.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join("\n"),
  );
};

/** `HILO_*` variables that are no setting: probably a slip of the pen. */
export const unknownSettings = (env: Record<string, string | undefined> = process.env): string[] =>
  Object.keys(env).filter((name) => name.startsWith("HILO_") && !(name in Config.shape));
