import type { ModelUse } from "../../events/conversation.ts";
import type { TokenCounts } from "./chat.ts";

/** Milliseconds of a clock that never goes back. */
export type Stopwatch = () => number;

/** Adds up what an exchange takes. `costOf` is in US dollars. */
export const meter = (costOf: (tokens: TokenCounts) => number, now: Stopwatch = () => performance.now()) => {
  const since = now();
  const use: ModelUse = {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0,
    durationMs: 0,
  };
  return {
    add(tokens: TokenCounts): void {
      use.inputTokens += tokens.inputTokens;
      use.outputTokens += tokens.outputTokens;
      use.cacheReadTokens += tokens.cacheReadTokens;
      use.cacheWriteTokens += tokens.cacheWriteTokens;
      use.costUsd = Number((use.costUsd + costOf(tokens)).toFixed(9));
    },
    use: (): ModelUse => ({ ...use, durationMs: Math.round(now() - since) }),
  };
};
