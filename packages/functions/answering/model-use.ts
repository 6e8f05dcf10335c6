import type { ModelUse } from "#core/events/conversation.ts";

/** What two calls took together. */
export const plus = (a: ModelUse | undefined, b: ModelUse): ModelUse =>
  a === undefined
    ? b
    : {
        inputTokens: a.inputTokens + b.inputTokens,
        outputTokens: a.outputTokens + b.outputTokens,
        cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
        cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
        costUsd: a.costUsd + b.costUsd,
        durationMs: a.durationMs + b.durationMs,
      };
