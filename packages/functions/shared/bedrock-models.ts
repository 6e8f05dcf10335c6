import { bedrockClient, hasCredentials } from "#core/clients/bedrock/bedrock-client.ts";
import { bedrockModel, bedrockSummariser } from "#core/clients/bedrock/bedrock-model.ts";
import {
  catalogue,
  type CatalogueEntry,
  costOf,
  expectedMsOf,
  findEntry,
  profileFor,
  type Tokens,
} from "#core/clients/bedrock/model-catalogue.ts";
import { modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import type { AnswerRequest, Model } from "#core/clients/model.ts";
import { loadPrompts, type Prompts } from "#core/clients/prompted/prompts.ts";
import type { OfferedModel } from "./ask-models.ts";
import { type ModelDeps, type Models, type ModelSettings, ModelSetupError } from "./model-settings.ts";
import { promptTokens, usualReplyTokens } from "./prompt-size.ts";
import { reportedModel, reportedSummariser } from "./reported.ts";

type Asked = { entry: CatalogueEntry; profile: string };

/** Throws before anything is asked when there are no credentials: the first customer should not find out. */
export const bedrockModels = async (
  settings: ModelSettings,
  { knowledge: current, report }: ModelDeps,
): Promise<Models> => {
  const region = settings.HILO_BEDROCK_REGION;
  const asked = settings.HILO_BEDROCK_MODELS.map((id) => find(id, region, "HILO_BEDROCK_MODELS"));
  const cheap = find(settings.HILO_BEDROCK_SUMMARY_MODEL, region, "HILO_BEDROCK_SUMMARY_MODEL");
  const prompts = await loadPrompts(settings.HILO_PROMPTS_DIR);
  const client = bedrockClient(region);
  if (!(await hasCredentials(client)))
    throw new ModelSetupError(
      "HILO_MODEL=bedrock finds no AWS credentials: sign in with `aws login`, or set AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK",
    );
  const guardrail = settings.HILO_BEDROCK_GUARDRAIL
    ? { id: settings.HILO_BEDROCK_GUARDRAIL, version: settings.HILO_BEDROCK_GUARDRAIL_VERSION }
    : undefined;
  const shared = { client, guardrail, prompts, linkHosts: settings.HILO_LINK_HOSTS };
  return {
    models: asked.map((one) => {
      const model = modelOfCurrent(current, (knowledge) => bedrockModel({ ...shared, ...one, knowledge }));
      return offer(one, reportedModel(model, report), prompts);
    }),
    summariser: reportedSummariser(bedrockSummariser({ ...shared, ...cheap }), report),
    secrets: [prompts.answer.text],
  };
};

const offer = ({ entry, profile }: Asked, model: Model, prompts: Prompts): OfferedModel => ({
  model,
  candidate: (request) => ({
    id: profile,
    quality: entry.tier,
    expectedMs: expectedMsOf(entry, usualReplyTokens),
    // a tool means to be asked again
    costUsd:
      (request.tools?.offered.length ? 2 : 1) * costOf(entry, tokensOf(entry, prompts, request), profile),
  }),
});

/** At most, for one call, and without any luck with the prompt cache. */
const tokensOf = (entry: CatalogueEntry, prompts: Prompts, request: AnswerRequest): Tokens => ({
  inputTokens: promptTokens(prompts, request),
  outputTokens: entry.replyTokensMax,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

/** A profile's id says where to ask; a model's is asked where the region is. */
const find = (id: string, region: string, setting: string): Asked => {
  const entry = findEntry(id);
  if (!entry)
    throw new ModelSetupError(
      `${setting}: ${id} is not in the catalogue, which has ${catalogue.map((known) => known.id).join(", ")}`,
    );
  const profile = entry.id === id ? profileFor(entry, region) : id;
  if (profile === undefined)
    throw new ModelSetupError(
      `${setting}: no inference profile of ${id} is known for ${region}, only ${Object.values(entry.profiles).join(", ")}`,
    );
  return { entry, profile };
};
