import { bedrockSummariser } from "#core/clients/bedrock/bedrock-model.ts";
import type { Summariser } from "#core/clients/summariser.ts";
import { findAsked, setUpBedrock } from "./bedrock-setup.ts";
import type { SummarySettings } from "./model-settings.ts";

export const bedrockSummaries = async (settings: SummarySettings): Promise<Summariser> => {
  const { HILO_BEDROCK_SUMMARY_MODEL: id, HILO_BEDROCK_REGION: region } = settings;
  const asked = findAsked(id, region, "HILO_BEDROCK_SUMMARY_MODEL");
  return bedrockSummariser({ ...(await setUpBedrock(settings)), ...asked });
};
