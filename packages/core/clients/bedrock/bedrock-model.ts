import type { Answer, Model } from "../model.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Stopwatch } from "../prompted/meter.ts";
import { promptedModel } from "../prompted/prompted-model.ts";
import { promptedSummariser } from "../prompted/prompted-summariser.ts";
import type { Prompts } from "../prompted/prompts.ts";
import type { Summariser } from "../summariser.ts";
import { bedrockChat, type BedrockChatOptions } from "./converse.ts";
import { catalogueVersion, costOf, replyTokensMax, summaryTokensMax } from "./model-catalogue.ts";

export type BedrockModelOptions = BedrockChatOptions & {
  knowledge: Knowledge;
  prompts: Prompts;
  stopwatch?: Stopwatch;
};

/** One entry of the catalogue as a model. */
export const bedrockModel = (options: BedrockModelOptions): Model => {
  const { entry, profile, guardrail, knowledge, prompts, stopwatch } = options;
  const parameters: Answer["model"]["parameters"] = {
    catalogue: catalogueVersion,
    maxTokens: replyTokensMax,
    structured: entry.structured,
    ...entry.parameters,
    ...(guardrail && { guardrail: `${guardrail.id}:${guardrail.version}` }),
  };
  return promptedModel({
    chat: bedrockChat(options),
    knowledge,
    prompt: prompts.answer,
    made: { id: profile, source: "bedrock", parameters },
    outputTokensMax: replyTokensMax,
    costOf: (tokens) => costOf(entry, tokens, profile),
    ...(stopwatch && { stopwatch }),
  });
};

/** The same, to make conversations shorter. */
export const bedrockSummariser = (options: Omit<BedrockModelOptions, "knowledge">): Summariser => {
  const { entry, profile, prompts, stopwatch } = options;
  return promptedSummariser({
    chat: bedrockChat(options),
    prompt: prompts.summarise,
    made: { id: profile, source: "bedrock" },
    outputTokensMax: summaryTokensMax,
    costOf: (tokens) => costOf(entry, tokens, profile),
    ...(stopwatch && { stopwatch }),
  });
};
