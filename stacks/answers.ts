/** What answering takes: the models and whatever else is asked, the files beside the code, and the right to ask no other. */
import {
  type CatalogueEntry,
  findEntry,
  profileOf,
} from "../packages/core/clients/bedrock/model-catalogue.ts";
import type { Grant } from "./access.ts";
import type { KnowledgeFiles } from "./knowledge.ts";
import type { LambdaArgs } from "./lambda.ts";
import { accountId, regionName } from "./names.ts";
import type { Settings } from "./settings.ts";

type Answering = Required<Pick<LambdaArgs, "environment" | "files" | "grants">>;

/** Of `generate-reply`. */
export const answersOf = (settings: Settings, knowledgeFiles: KnowledgeFiles): Answering => {
  const hours = fileOf(settings.HILO_OPENING_HOURS, "opening-hours.json");
  const dialogs = dialogsOf(settings);
  const knowledge = knowledgeOf(settings);
  return {
    environment: {
      ...modelEnvironment(settings),
      ...dialogs.environment,
      ...knowledge.environment,
      ...given("HILO_OPENING_HOURS", hours.name),
      ...given("HILO_BEDROCK_MODELS", isBedrock(settings) ? settings.HILO_BEDROCK_MODELS.join(",") : ""),
      ...given("HILO_LINK_HOSTS", settings.HILO_LINK_HOSTS.join(",")),
      ...given("HILO_ORDERS_URL", settings.HILO_ORDERS_URL),
      ...budgetsOf(settings),
    },
    files: [...promptFiles(settings), ...dialogs.files, ...knowledgeFiles, ...hours.files],
    grants: [asks(settings, settings.HILO_BEDROCK_MODELS), dialogs.grants, knowledge.grants],
  };
};

/** Of `summarise-context`. */
export const summariesOf = (settings: Settings): Answering => ({
  environment: {
    ...modelEnvironment(settings),
    ...budgetsOf(settings),
    ...given("HILO_BEDROCK_SUMMARY_MODEL", isBedrock(settings) ? settings.HILO_BEDROCK_SUMMARY_MODEL : ""),
  },
  files: promptFiles(settings),
  grants: [asks(settings, [settings.HILO_BEDROCK_SUMMARY_MODEL])],
});

/** The rate cards, as a file beside the code of whoever prices by them. */
export const rateCardOf = ({ HILO_RATE_CARD }: Settings): Pick<Answering, "environment" | "files"> => {
  const { name, files } = fileOf(HILO_RATE_CARD, "rate-card.json");
  return { environment: given("HILO_RATE_CARD", name), files };
};

/** Summaries are paid for out of the same purse. */
const budgetsOf = (settings: Settings): Answering["environment"] => ({
  HILO_CONTACT_BUDGET_USD: String(settings.HILO_CONTACT_BUDGET_USD),
  HILO_CONTACT_REPLIES: String(settings.HILO_CONTACT_REPLIES),
  HILO_DAY_BUDGET_USD: String(settings.HILO_DAY_BUDGET_USD),
});

const isBedrock = ({ HILO_MODEL }: Settings): boolean => HILO_MODEL === "bedrock";

const given = (name: string, value: string): Answering["environment"] =>
  value === "" ? {} : { [name]: value };

const fileOf = (from: string, name: string) =>
  from === "" ? { name: "", files: [] } : { name, files: [{ from, to: name }] };

const promptFiles = (settings: Settings): Answering["files"] =>
  isBedrock(settings) ? [{ from: settings.HILO_PROMPTS_DIR, to: "prompts" }] : [];

const modelEnvironment = (settings: Settings): Answering["environment"] => ({
  HILO_MODEL: settings.HILO_MODEL,
  ...(isBedrock(settings) && {
    HILO_BEDROCK_REGION: bedrockRegion(settings),
    ...(settings.HILO_BEDROCK_GUARDRAIL && {
      HILO_BEDROCK_GUARDRAIL: settings.HILO_BEDROCK_GUARDRAIL,
      HILO_BEDROCK_GUARDRAIL_VERSION: settings.HILO_BEDROCK_GUARDRAIL_VERSION,
    }),
  }),
});

/** Where the stage is, unless another is set. */
const bedrockRegion = ({ HILO_BEDROCK_REGION }: Settings): $util.Output<string> =>
  HILO_BEDROCK_REGION ? $util.output(HILO_BEDROCK_REGION) : regionName();

/** These models and no other, through the profile that each is asked by: a profile may send a request to any of its regions. */
const asks = (settings: Settings, ids: readonly string[]): Grant[] => {
  if (!isBedrock(settings)) return [];
  const region = bedrockRegion(settings);
  const resources = ids.flatMap((id) => {
    const entry = entryOf(id);
    return [
      $interpolate`arn:aws:bedrock:${region}:${accountId()}:inference-profile/${region.apply((at) => profileIn(entry, id, at))}`,
      `arn:aws:bedrock:*::foundation-model/${entry.id}`,
    ];
  });
  const guardrail = settings.HILO_BEDROCK_GUARDRAIL;
  const guardrailArn = guardrail.startsWith("arn:")
    ? guardrail
    : $interpolate`arn:aws:bedrock:${region}:${accountId()}:guardrail/${guardrail}`;
  return [
    {
      environment: {},
      permissions: [
        { actions: ["bedrock:InvokeModel"], resources },
        ...(guardrail ? [{ actions: ["bedrock:ApplyGuardrail"], resources: [guardrailArn] }] : []),
      ],
    },
  ];
};

const entryOf = (id: string): CatalogueEntry => {
  const entry = findEntry(id);
  if (!entry) throw new Error(`${id} is not in the catalogue of models`);
  return entry;
};

const profileIn = (entry: CatalogueEntry, id: string, region: string): string => {
  const profile = profileOf(entry, id, region);
  if (profile === undefined)
    throw new Error(
      `HILO_BEDROCK_REGION: no inference profile of ${id} is known for ${region}, only ${Object.values(entry.profiles).join(", ")}`,
    );
  return profile;
};

const knowledgeOf = ({ HILO_KNOWLEDGE_BASE_ID: id }: Settings) => ({
  environment: given("HILO_KNOWLEDGE_BASE_ID", id),
  grants: id === "" ? [] : [mayOnly("bedrock:Retrieve", "bedrock", `knowledge-base/${id}`)],
});

/** By Lex where it has a bot, else from files. */
const dialogsOf = (settings: Settings) => {
  const { HILO_LEX_BOT_ID: bot, HILO_LEX_BOT_ALIAS_ID: alias } = settings;
  if (bot !== "")
    return {
      environment: {
        HILO_LEX_BOT_ID: bot,
        HILO_LEX_BOT_ALIAS_ID: alias,
        HILO_LEX_LOCALES: settings.HILO_LEX_LOCALES.join(","),
      },
      files: [],
      grants: [mayOnly("lex:RecognizeText", "lex", `bot-alias/${bot}/${alias}`)],
    };
  const { name, files } = fileOf(settings.HILO_FLOWS, "flows");
  return { environment: given("HILO_FLOWS", name), files, grants: [] };
};

const mayOnly = (action: string, service: string, resource: string): Grant => ({
  environment: {},
  permissions: [
    {
      actions: [action],
      resources: [$interpolate`arn:aws:${service}:${regionName()}:${accountId()}:${resource}`],
    },
  ],
});
