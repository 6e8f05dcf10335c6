import { modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import type { ModelCandidate } from "#core/clients/model.ts";
import { openAiModel, openAiSummariser } from "#core/clients/openai/openai-model.ts";
import { loadPrompts } from "#core/clients/prompted/prompts.ts";
import type { Summariser } from "#core/clients/summariser.ts";
import { type ModelDeps, type ModelSettings, ModelSetupError } from "./model-settings.ts";
import { reportedModel, reportedSummariser } from "./reported.ts";

/** What a small local model bears; nothing says what this one does. */
const assumed = { tier: 1, contextTokens: 8_000, firstTokenMs: 500, tokensPerSecond: 50 } as const;

export const openAiModels = async (
  settings: ModelSettings,
  { knowledge: current, report }: ModelDeps,
): Promise<{ candidates: ModelCandidate[]; summariser: Summariser }> => {
  const { HILO_MODEL_URL: url, HILO_MODEL_NAME: name, HILO_MODEL_API_KEY: apiKey } = settings;
  if (url === "" || name === "")
    throw new ModelSetupError(
      "HILO_MODEL=openai-compatible needs HILO_MODEL_URL, such as http://localhost:11434/v1, and HILO_MODEL_NAME",
    );
  const prompts = await loadPrompts(settings.HILO_PROMPTS_DIR);
  const shared = { url, name, apiKey, prompts };
  const candidate: ModelCandidate = {
    id: name,
    model: reportedModel(
      modelOfCurrent(current, (knowledge) => openAiModel({ ...shared, knowledge })),
      report,
    ),
    tier: assumed.tier,
    contextTokens: assumed.contextTokens,
    estimate: ({ output }) => ({
      costUsd: 0,
      ms: Math.round(assumed.firstTokenMs + (output / assumed.tokensPerSecond) * 1_000),
    }),
  };
  return { candidates: [candidate], summariser: reportedSummariser(openAiSummariser(shared), report) };
};
