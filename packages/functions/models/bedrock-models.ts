import { bedrockModel } from "#core/clients/bedrock/bedrock-model.ts";
import { costOf, expectedMsOf, replyTokensMax, type Tokens } from "#core/clients/bedrock/model-catalogue.ts";
import { modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import type { AnswerRequest, Model } from "#core/clients/model.ts";
import type { Prompts } from "#core/clients/prompted/prompts.ts";
import type { OfferedModel } from "#functions/answering/ask-models.ts";
import { type Asked, findAsked, setUpBedrock } from "./bedrock-setup.ts";
import type { ModelDeps, Models, ModelSettings } from "./model-settings.ts";
import { promptTokens, usualReplyTokens } from "./prompt-size.ts";
import { reportedModel } from "./reported.ts";

/** Throws a `ModelSetupError` that names what is wrong with which setting. */
export const bedrockModels = async (
  settings: ModelSettings,
  { knowledge: current, report }: ModelDeps,
): Promise<Models> => {
  const asked = settings.HILO_BEDROCK_MODELS.map((id) =>
    findAsked(id, settings.HILO_BEDROCK_REGION, "HILO_BEDROCK_MODELS"),
  );
  const shared = await setUpBedrock(settings);
  const { prompts } = shared;
  return {
    models: asked.map((one) => {
      const model = modelOfCurrent(current, (knowledge) => bedrockModel({ ...shared, ...one, knowledge }));
      return offer(one, reportedModel(model, report), prompts);
    }),
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
    costUsd: (request.tools?.offered.length ? 2 : 1) * costOf(entry, tokensOf(prompts, request), profile),
  }),
});

/** At most, for one call, and without any luck with the prompt cache. */
const tokensOf = (prompts: Prompts, request: AnswerRequest): Tokens => ({
  inputTokens: promptTokens(prompts, request),
  outputTokens: replyTokensMax,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});
