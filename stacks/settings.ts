/** The settings of a deployment, from the environment of `sst deploy` (SST also reads `.env` and `.env.<stage>`). */
import * as z from "zod";
import { catalogue, findEntry } from "../packages/core/clients/bedrock/model-catalogue.ts";
import { Config } from "../packages/core/config.ts";
import { httpUrl, list } from "../packages/core/setting.ts";

const layerArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$/, "expected a layer's ARN");

/** Those of `config.ts` keep their rules: what deploys here also starts there. */
const Settings = Config.pick({
  HILO_GRAPH_VERSION: true,
  HILO_PHONE_NUMBER_IDS: true,
  HILO_QUIET_MS: true,
  HILO_NUMBER_PER_SECOND: true,
  HILO_HAND_BACK_MINUTES: true,
  HILO_RETENTION_DAYS: true,
  HILO_TEMPLATES: true,
  HILO_CONVERSATION_LINK: true,
  HILO_KNOWLEDGE_DIR: true,
  HILO_KNOWLEDGE_BASE_ID: true,
  HILO_PROMPTS_DIR: true,
  HILO_BEDROCK_MODELS: true,
  HILO_BEDROCK_SUMMARY_MODEL: true,
  HILO_BEDROCK_GUARDRAIL: true,
  HILO_BEDROCK_GUARDRAIL_VERSION: true,
  HILO_LINK_HOSTS: true,
  HILO_CONTACT_BUDGET_USD: true,
  HILO_CONTACT_REPLIES: true,
  HILO_DAY_BUDGET_USD: true,
  HILO_ORDERS_URL: true,
  HILO_OPENING_HOURS: true,
  HILO_RATE_CARD: true,
  HILO_FLOWS: true,
  HILO_LEX_BOT_ID: true,
  HILO_LEX_BOT_ALIAS_ID: true,
  HILO_LEX_LOCALES: true,
}).extend({
  /** What writes the answers. The models of Bedrock have passages of the knowledge base behind them when none can be asked. */
  HILO_MODEL: z.enum(["offline", "bedrock"], "expected offline or bedrock").default("bedrock"),
  /** Where Bedrock is asked; without it, where the stage is. */
  HILO_BEDROCK_REGION: Config.shape.HILO_BEDROCK_REGION.removeDefault().optional(),
  /** Where contexts are kept at hand: in each function's memory, or in ElastiCache too. */
  HILO_CACHE: z.enum(["none", "valkey"], "expected none or valkey").default("none"),
  /** The Graph API. */
  HILO_GRAPH_URL: httpUrl().default("https://graph.facebook.com"),
  /** A domain of ours in Route 53. Without one, CloudFront's own name is used, and older TLS is possible. */
  HILO_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "expected a domain")
    .optional(),
  /** The Route 53 zone of that domain. */
  HILO_DOMAIN_ZONE_ID: z.string().min(1).optional(),
  /** Who is told when an alarm goes off or the budget runs out. */
  HILO_ALERT_EMAIL: z.email().optional(),
  /** Who is told by AWS's own mail when a conversation waits for a person, once they have confirmed it. */
  HILO_NOTIFY_EMAIL: z.email().optional(),
  /** The same by a mail of ours: from an address that SES has verified, to addresses separated by commas. */
  HILO_NOTIFY_FROM: z.union([z.literal(""), z.email()]).default(""),
  HILO_NOTIFY_TO: list(z.email()).pipe(z.array(z.string()).max(50)).prefault(""),
  /** Who collects traces. */
  HILO_TRACING: z.enum(["off", "opentelemetry", "datadog"]).default("off"),
  /** The layers that collect them, as their makers publish them for the region. */
  HILO_TRACING_LAYERS: list(layerArn).prefault(""),
  /** Datadog's site. */
  HILO_DATADOG_SITE: z.string().default("datadoghq.com"),
});
export type Settings = z.infer<typeof Settings>;

const isWhole = ({
  HILO_TRACING,
  HILO_TRACING_LAYERS,
  HILO_DOMAIN,
  HILO_DOMAIN_ZONE_ID,
  HILO_NOTIFY_FROM,
  HILO_NOTIFY_TO,
  HILO_BEDROCK_MODELS,
  HILO_BEDROCK_SUMMARY_MODEL,
  HILO_LEX_BOT_ID,
  HILO_LEX_BOT_ALIAS_ID,
}: Settings): string[] => [
  ...((HILO_NOTIFY_FROM === "") === (HILO_NOTIFY_TO.length === 0)
    ? []
    : ["HILO_NOTIFY_FROM, HILO_NOTIFY_TO: one needs the other"]),
  ...HILO_BEDROCK_MODELS.flatMap((id) => unknownModel("HILO_BEDROCK_MODELS", id)),
  ...unknownModel("HILO_BEDROCK_SUMMARY_MODEL", HILO_BEDROCK_SUMMARY_MODEL),
  ...(HILO_LEX_BOT_ID && !HILO_LEX_BOT_ALIAS_ID
    ? ["HILO_LEX_BOT_ALIAS_ID: needed with HILO_LEX_BOT_ID"]
    : []),
  ...(HILO_TRACING !== "off" && HILO_TRACING_LAYERS.length === 0
    ? [`HILO_TRACING_LAYERS: needed with HILO_TRACING=${HILO_TRACING}`]
    : []),
  ...(HILO_DOMAIN && !HILO_DOMAIN_ZONE_ID ? ["HILO_DOMAIN_ZONE_ID: needed with HILO_DOMAIN"] : []),
];

const unknownModel = (setting: string, id: string): string[] =>
  findEntry(id)
    ? []
    : [
        `${setting}: ${id} is not in the catalogue, which has ${catalogue.map((known) => known.id).join(", ")}`,
      ];

/** Throws an error that names every wrong setting and what is allowed. */
export const readSettings = (env: Record<string, string | undefined>): Settings => {
  const parsed = Settings.safeParse(env);
  const faults = parsed.success
    ? isWhole(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
  if (!parsed.success || faults.length > 0) throw new Error(faults.join("\n"));
  return parsed.data;
};
