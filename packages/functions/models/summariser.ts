import type { Summariser } from "#core/clients/summariser.ts";
import type { ModelDeps, SummarySettings } from "./model-settings.ts";
import { reportedSummariser } from "./reported.ts";

/** Who makes conversations shorter, by the settings. Throws `ModelSetupError`s and `PromptsError`s. */
export const openSummariser = async (
  settings: SummarySettings,
  report: ModelDeps["report"],
): Promise<Summariser> => {
  switch (settings.HILO_MODEL) {
    case "offline": {
      const { offlineSummariser } = await import("#core/clients/offline-summariser.ts");
      return offlineSummariser();
    }
    case "bedrock": {
      const { bedrockSummaries } = await import("./bedrock-summaries.ts");
      return reportedSummariser(await bedrockSummaries(settings), report);
    }
    case "openai-compatible": {
      const { openAiSummaries } = await import("./openai-models.ts");
      return reportedSummariser(await openAiSummaries(settings), report);
    }
  }
};
