/** "One moment…": asked once, while the answer is being made, when it will be late. */
import { decideDelayReply } from "#core/domain/reply.ts";
import type { Language } from "#core/clients/stop-words.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import { canned } from "./canned-replies.ts";
import { describeError, type Log } from "#functions/shared/log.ts";

export type HoldingDeps = HandleDeps & {
  log: Log;
  /** Calls `act` after so long, unless what it answers is called before. */
  delay: (ms: number, act: () => void) => () => void;
};

export type Holding = {
  stream: string;
  replyId: string;
  causationId: string;
  language: Language;
  afterMs: number;
};

/** Does the work; when it takes longer than `afterMs`, the customer is asked for patience. */
export const whileHolding = async <Result>(
  deps: HoldingDeps,
  holding: Holding,
  work: () => Promise<Result>,
): Promise<Result> => {
  let asking = Promise.resolve();
  const cancel = deps.delay(holding.afterMs, () => {
    asking = askPatience(deps, holding);
  });
  try {
    return await work();
  } finally {
    cancel();
    // before the answer: whoever reads the two wants them in this order
    await asking;
  }
};

/** The answer is on its way whether this succeeds or not. */
const askPatience = async (
  deps: HoldingDeps,
  { stream, replyId, causationId, language }: Holding,
): Promise<void> => {
  const content = { type: "text" as const, text: canned[language].holding };
  const sendId = deps.newId();
  try {
    await handle(deps, stream, (state) => decideDelayReply(state, { replyId, sendId, content }), causationId);
  } catch (error) {
    deps.log("warn", "could not ask for patience", { stream, error: describeError(error) });
  }
};
