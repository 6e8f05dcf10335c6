/** What models on Bedrock have in common, whatever they are asked for. */
import { bedrockClient, hasCredentials } from "#core/clients/bedrock/bedrock-client.ts";
import {
  catalogue,
  type CatalogueEntry,
  findEntry,
  profileOf,
} from "#core/clients/bedrock/model-catalogue.ts";
import { loadPrompts } from "#core/clients/prompted/prompts.ts";
import { ModelSetupError, type SummarySettings } from "./model-settings.ts";

/** A model, and the inference profile that it is asked through. */
export type Asked = { entry: CatalogueEntry; profile: string };

type BedrockSettings = Omit<SummarySettings, "HILO_MODEL" | "HILO_BEDROCK_SUMMARY_MODEL">;

/** Throws before anything is asked when there are no credentials: the first customer should not find out. */
export const setUpBedrock = async (settings: BedrockSettings) => {
  const prompts = await loadPrompts(settings.HILO_PROMPTS_DIR);
  const client = bedrockClient(settings.HILO_BEDROCK_REGION);
  if (!(await hasCredentials(client)))
    throw new ModelSetupError(
      "HILO_MODEL=bedrock finds no AWS credentials: sign in with `aws login`, or set AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK",
    );
  const guardrail = settings.HILO_BEDROCK_GUARDRAIL
    ? { id: settings.HILO_BEDROCK_GUARDRAIL, version: settings.HILO_BEDROCK_GUARDRAIL_VERSION }
    : undefined;
  return { client, guardrail, prompts };
};

/** Throws a `ModelSetupError` that names the setting. */
export const findAsked = (id: string, region: string, setting: string): Asked => {
  const entry = findEntry(id);
  if (!entry)
    throw new ModelSetupError(
      `${setting}: ${id} is not in the catalogue, which has ${catalogue.map((known) => known.id).join(", ")}`,
    );
  const profile = profileOf(entry, id, region);
  if (profile === undefined)
    throw new ModelSetupError(
      `${setting}: no inference profile of ${id} is known for ${region}, only ${Object.values(entry.profiles).join(", ")}`,
    );
  return { entry, profile };
};
