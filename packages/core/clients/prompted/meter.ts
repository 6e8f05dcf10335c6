import type { ModelUse } from "../../events/conversation.ts";
import { ModelFault } from "../model.ts";
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

/** What was paid for is told with the fault. Anything but a fault is a bug, and stays what it is. */
export const withUse = (error: unknown, use: ModelUse): unknown =>
  error instanceof ModelFault
    ? new ModelFault(error.kind, error.retry, error.message, { cause: error.cause ?? error, use })
    : error;
