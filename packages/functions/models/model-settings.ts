import type { CurrentKnowledge } from "#core/clients/follow-knowledge.ts";
import type { Config } from "#core/config.ts";
import type { OfferedModel } from "#functions/answering/ask-models.ts";

/** What is deployed asks Bedrock only, and has no endpoint of its own. */
type EndpointSettings = Partial<Pick<Config, "HILO_MODEL_URL" | "HILO_MODEL_NAME" | "HILO_MODEL_API_KEY">>;

type SharedSettings = EndpointSettings &
  Pick<
    Config,
    | "HILO_MODEL"
    | "HILO_PROMPTS_DIR"
    | "HILO_BEDROCK_REGION"
    | "HILO_BEDROCK_GUARDRAIL"
    | "HILO_BEDROCK_GUARDRAIL_VERSION"
  >;

export type ModelSettings = SharedSettings & Pick<Config, "HILO_BEDROCK_MODELS">;

export type SummarySettings = SharedSettings & Pick<Config, "HILO_BEDROCK_SUMMARY_MODEL">;

export type ModelDeps = {
  knowledge: CurrentKnowledge;
  /** Hears what a person must mend, such as access that is missing. It names models and settings, nobody's words. */
  report: (problem: string) => void;
};

export type Models = {
  /** With the offline model as the last resort: it costs nothing and is always there. */
  models: readonly OfferedModel[];
  /** What models are told and no answer may repeat. */
  secrets: readonly string[];
};

/** A model can't be set up: the message names the setting and what is wanted. */
export class ModelSetupError extends Error {
  override name = "ModelSetupError";
}
