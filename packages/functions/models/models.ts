/** The models that the settings name, as the choice among them wants them. */
import { type CurrentKnowledge, modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import { offlineModel, offlineModelId } from "#core/clients/offline-model.ts";
import type { OfferedModel } from "#functions/answering/ask-models.ts";
import type { ModelDeps, Models, ModelSettings } from "./model-settings.ts";

/** Loads what the chosen models need and nothing else. Throws `ModelSetupError`s and `PromptsError`s. */
export const openModels = async (settings: ModelSettings, deps: ModelDeps): Promise<Models> => {
  const offline = offlineOffer(deps.knowledge);
  if (settings.HILO_MODEL === "offline") return { models: [offline], secrets: [] };
  const generating =
    settings.HILO_MODEL === "bedrock"
      ? await (await import("./bedrock-models.ts")).bedrockModels(settings, deps)
      : await (await import("./openai-models.ts")).openAiModels(settings, deps);
  return { ...generating, models: [...generating.models, offline] };
};

const offlineOffer = (current: CurrentKnowledge): OfferedModel => ({
  model: modelOfCurrent(current, (knowledge) => offlineModel({ knowledge })),
  candidate: () => ({ id: offlineModelId, expectedMs: 50, costUsd: 0, quality: 1, lastResort: true }),
});
