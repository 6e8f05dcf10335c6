/** The settings, `HILO_*`, and the only reader of the environment. */
import * as z from "zod";

const id = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, "expected letters, digits and _, at most 64");
const secret = z.string().min(8, "expected at least 8 characters");
const folder = z.string().min(1, "expected a folder");
const oneOrTwo = "expected one secret, or two separated by a comma";
const list = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item));
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine(
      (number) => number >= least && number <= most,
      `expected a whole number from ${least} to ${most}`,
    );
const httpUrl = z.url({ protocol: /^https?$/, error: "expected an http(s) URL" });

export const Config = z.object({
  /** Port to listen on, on this machine only; 0 picks a free one. */
  HILO_PORT: wholeNumber(0, 65_535).default(3000),
  /** Where all state lives. */
  HILO_DATA_DIR: folder.default(".hilo"),
  /** The app secret that signs webhooks; a second one, after a comma, is accepted too while it rotates. */
  HILO_APP_SECRET: list(secret)
    .pipe(z.array(z.string()).min(1, oneOrTwo).max(2, oneOrTwo))
    .prefault("local-app-secret"),
  /** What Meta must send when it verifies the webhook. */
  HILO_VERIFY_TOKEN: secret.default("local-verify-token"),
  /** The bearer token of the query API. */
  HILO_API_KEY: secret.default("local-api-key"),
  /** Markdown files to answer from, `NAME.<language>.md`. */
  HILO_KNOWLEDGE_DIR: folder.default("knowledge"),
  /** The Graph API; empty means the simulator's, on the port above. */
  HILO_GRAPH_URL: z.union([z.literal(""), httpUrl]).default(""),
  /** Version of the Graph API. */
  HILO_GRAPH_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, "expected a version such as v26.0")
    .default("v26.0"),
  /** The token that the Graph API wants. */
  HILO_GRAPH_TOKEN: secret.default("local-graph-token"),
  /** Numbers that are ours, separated by commas; updates for others are set aside. Empty means any. */
  HILO_PHONE_NUMBER_IDS: list(id).prefault(""),
  /** How long a customer must be quiet before the bot answers, in milliseconds. */
  HILO_QUIET_MS: wholeNumber(0, 10_000).default(700),
  /** What a number may send and receive in a second: 80, or 1,000 once Meta has raised it. */
  HILO_NUMBER_PER_SECOND: wholeNumber(1, 1_000).default(80),
  /** After how many minutes without anything from a person the bot answers again; 0 means never. */
  HILO_HAND_BACK_MINUTES: wholeNumber(0, 100_000).default(480),
  /** A JSON file of approved templates, for when the 24-hour window is closed; empty means none. */
  HILO_TEMPLATES: z.string().default(""),
  /** Where people look at a conversation, with `{id}` in place of its id; empty means that it is told by its id alone. */
  HILO_CONVERSATION_LINK: z
    .union([z.literal(""), httpUrl.refine((link) => link.includes("{id}"), "expected {id} in it")])
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
