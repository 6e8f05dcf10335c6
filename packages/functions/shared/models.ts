/** The models that the settings name, in the order in which to prefer them. */
import { type CurrentKnowledge, modelOfCurrent } from "#core/clients/follow-knowledge.ts";
import type { ModelCandidate } from "#core/clients/model.ts";
import { offlineModel, offlineModelId } from "#core/clients/offline-model.ts";
import type { Summariser } from "#core/clients/summariser.ts";
import type { ModelDeps, ModelSettings } from "./model-settings.ts";

export type Models = {
  /** The offline model is the last of them: it costs nothing and is always there. */
  candidates: readonly [ModelCandidate, ...ModelCandidate[]];
  /** Absent where nothing generates. */
  summariser?: Summariser;
};

/** Loads what the chosen models need and nothing else. Throws `ModelSetupError`s and `PromptsError`s. */
export const openModels = async (settings: ModelSettings, deps: ModelDeps): Promise<Models> => {
  const offline = offlineCandidate(deps.knowledge);
  if (settings.HILO_MODEL === "offline") return { candidates: [offline] };
  const { candidates, summariser } =
    settings.HILO_MODEL === "bedrock"
      ? await (await import("./bedrock-models.ts")).bedrockModels(settings, deps)
      : await (await import("./openai-models.ts")).openAiModels(settings, deps);
  const [first = offline, ...rest] = candidates;
  return { candidates: [first, ...rest, offline], summariser };
};

const offlineCandidate = (current: CurrentKnowledge): ModelCandidate => ({
  id: offlineModelId,
  model: modelOfCurrent(current, (knowledge) => offlineModel({ knowledge })),
  tier: 0,
  contextTokens: Number.MAX_SAFE_INTEGER,
  estimate: () => ({ costUsd: 0, ms: 5 }),
});
