import type { Model } from "../model.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Stopwatch } from "../prompted/meter.ts";
import { promptedModel } from "../prompted/prompted-model.ts";
import { promptedSummariser } from "../prompted/prompted-summariser.ts";
import type { Prompts } from "../prompted/prompts.ts";
import type { Summariser } from "../summariser.ts";
import type { OpenAiOptions } from "./call.ts";
import { openAiChat } from "./chat-completions.ts";

export type OpenAiModelOptions = OpenAiOptions & {
  knowledge: Knowledge;
  prompts: Prompts;
  stopwatch?: Stopwatch;
};

/** Local models think less of tokens, and count them differently. */
const replyTokensMax = 400;
const summaryTokensMax = 900;
/** What such an endpoint asks for its tokens is not known here. */
const costOf = (): number => 0;

/** A model by URL, for experiments. Its tokens are counted, and cost nothing as far as we know. */
export const openAiModel = (options: OpenAiModelOptions): Model => {
  const { name, knowledge, prompts, stopwatch } = options;
  return promptedModel({
    chat: openAiChat(options),
    knowledge,
    prompt: prompts.answer,
    made: {
      id: name,
      source: "openai-compatible",
      parameters: { maxTokens: replyTokensMax, temperature: 0 },
    },
    outputTokensMax: replyTokensMax,
    costOf,
    ...(stopwatch && { stopwatch }),
  });
};

/** The same, to make conversations shorter. */
export const openAiSummariser = (options: Omit<OpenAiModelOptions, "knowledge">): Summariser => {
  const { name, prompts, stopwatch } = options;
  return promptedSummariser({
    chat: openAiChat(options),
    prompt: prompts.summarise,
    made: { id: name, source: "openai-compatible" },
    outputTokensMax: summaryTokensMax,
    costOf,
    ...(stopwatch && { stopwatch }),
  });
};
