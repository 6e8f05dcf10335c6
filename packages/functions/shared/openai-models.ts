import { modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import { openAiModel, openAiSummariser } from "#core/clients/openai/openai-model.ts";
import { loadPrompts } from "#core/clients/prompted/prompts.ts";
import type { OfferedModel } from "./ask-models.ts";
import { type ModelDeps, type Models, type ModelSettings, ModelSetupError } from "./model-settings.ts";
import { reportedModel, reportedSummariser } from "./reported.ts";

/** Of a local model next to nothing is known before it is asked, least of all whether it is in time. */
const assumed = { quality: 2, expectedMs: 1_500 } as const;

export const openAiModels = async (
  settings: ModelSettings,
  { knowledge: current, report }: ModelDeps,
): Promise<Models> => {
  const { HILO_MODEL_URL: url, HILO_MODEL_NAME: name, HILO_MODEL_API_KEY: apiKey = "" } = settings;
  if (!url || !name)
    throw new ModelSetupError(
      "HILO_MODEL=openai-compatible needs HILO_MODEL_URL, such as http://localhost:11434/v1, and HILO_MODEL_NAME",
    );
  const prompts = await loadPrompts(settings.HILO_PROMPTS_DIR);
  const shared = { url, name, apiKey, prompts, linkHosts: settings.HILO_LINK_HOSTS };
  const offered: OfferedModel = {
    model: reportedModel(
      modelOfCurrent(current, (knowledge) => openAiModel({ ...shared, knowledge })),
      report,
    ),
    candidate: () => ({ id: name, ...assumed, costUsd: 0 }),
  };
  return {
    models: [offered],
    summariser: reportedSummariser(openAiSummariser(shared), report),
    secrets: [prompts.answer.text],
  };
};
