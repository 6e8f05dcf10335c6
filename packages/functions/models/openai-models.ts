import { modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import { openAiModel, openAiSummariser } from "#core/clients/openai/openai-model.ts";
import { loadPrompts } from "#core/clients/prompted/prompts.ts";
import type { Summariser } from "#core/clients/summariser.ts";
import type { OfferedModel } from "#functions/answering/ask-models.ts";
import {
  type ModelDeps,
  type Models,
  type ModelSettings,
  ModelSetupError,
  type SummarySettings,
} from "./model-settings.ts";
import { reportedModel } from "./reported.ts";

/** Of a local model next to nothing is known before it is asked, least of all whether it is in time. */
const assumed = { quality: 2, expectedMs: 1_500 } as const;

export const openAiModels = async (
  settings: ModelSettings,
  { knowledge: current, report }: ModelDeps,
): Promise<Models> => {
  const shared = await endpoint(settings);
  const offered: OfferedModel = {
    model: reportedModel(
      modelOfCurrent(current, (knowledge) => openAiModel({ ...shared, knowledge })),
      report,
    ),
    candidate: () => ({ id: shared.name, ...assumed, costUsd: 0 }),
  };
  return { models: [offered], secrets: [shared.prompts.answer.text] };
};

export const openAiSummaries = async (settings: SummarySettings): Promise<Summariser> =>
  openAiSummariser(await endpoint(settings));

const endpoint = async (settings: ModelSettings | SummarySettings) => {
  const { HILO_MODEL_URL: url, HILO_MODEL_NAME: name, HILO_MODEL_API_KEY: apiKey = "" } = settings;
  if (!url || !name)
    throw new ModelSetupError(
      "HILO_MODEL=openai-compatible needs HILO_MODEL_URL, such as http://localhost:11434/v1, and HILO_MODEL_NAME",
    );
  return { url, name, apiKey, prompts: await loadPrompts(settings.HILO_PROMPTS_DIR) };
};
