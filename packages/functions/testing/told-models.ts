/** Models that do as they are told, for tests of whatever asks them. */
import {
  ModelFault,
  type Answer,
  type AnswerRequest,
  type Declined,
  type Model,
} from "#core/clients/model.ts";
import type { ModelUse } from "#core/events/conversation.ts";

export const paid = (costUsd: number): ModelUse => ({
  inputTokens: 1_000,
  outputTokens: 100,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd,
  durationMs: 800,
});

export const saying = (text: string, more: Partial<Answer> = {}): Answer => ({
  text,
  language: "es",
  intent: "answer",
  confidence: 0.9,
  needsHuman: false,
  sources: [],
  model: { id: "told", source: "bedrock", parameters: {} },
  promptHash: "hash",
  ...more,
});

export type Told = Model & { asked: AnswerRequest[] };

/** Does the same each time: answers, declines, or throws a fault of this kind. */
export const told = (
  what: Answer | Declined | ModelFault["kind"] | ((request: AnswerRequest) => Promise<Answer | Declined>),
): Told => {
  const asked: AnswerRequest[] = [];
  return {
    asked,
    async answer(request) {
      asked.push(request);
      if (typeof what === "function") return what(request);
      if (typeof what === "string")
        throw new ModelFault(what, what === "invalid" ? "never" : "later", "as it was told");
      return what;
    },
  };
};
