import { ModelFault } from "../model.ts";

/** How long an answer may take where nobody says. Nothing is ever waited for without end. */
const timeoutMsDefault = 20_000;

/** Aborts when the time is over. */
export const deadline = (timeoutMs = timeoutMsDefault): AbortSignal =>
  AbortSignal.timeout(Math.max(0, Math.floor(timeoutMs)));

const modelIsLate = (): ModelFault => new ModelFault("timeout", "later", "the model did not answer in time");

/** The work, or a `ModelFault` once the time is over. The work itself then goes on unless it heeds the signal. */
export const withinTime = async <Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  late = modelIsLate,
): Promise<Result> => {
  let stop = (): void => undefined;
  const over = new Promise<never>((_, reject) => {
    stop = () => reject(late());
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};
