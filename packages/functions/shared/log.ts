/** One line of JSON per entry. Fields are ids, counts and reasons: never a person's words, numbers or names. */
export type Log = (level: "info" | "warn" | "error", message: string, fields?: LogFields) => void;

/** What may be logged: an allow-list, so that nothing personal slips in with a spread object. */
export type LogFields = {
  stream?: string;
  event?: string;
  queue?: string;
  channel?: string;
  reason?: string;
  error?: string;
  incident?: string;
  count?: number;
  status?: number;
  durationMs?: number;
  conversationCostUsd?: number;
  /** 1 where passages stood in for a model that could not be asked, else 0. */
  withoutModel?: 0 | 1;
};

export const jsonLog =
  (write: (line: string) => void, clock: () => Date): Log =>
  (level, message, fields = {}) =>
    write(`${JSON.stringify({ at: clock().toISOString(), level, message, ...fields })}\n`);

/** The kind of an error and where it arose. Its message may quote input, so it stays out. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  const frame = framesOf(error).find((line) => line.startsWith("    at ")) ?? "";
  const place = frame
    .replace(")", "")
    .split(/[\s(/\\]/)
    .at(-1);
  return place ? `${error.name} at ${place}` : error.name;
};

/** What is left alone and why: the setting that names it and the system's code, such as `ECONNREFUSED`, where there is one. */
export const settingFault = (setting: string, error: unknown): LogFields => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isCode = typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code);
  return { reason: `${setting}: ${isCode ? code : "no answer"}`, error: describeError(error) };
};

/** A stack begins with the message, whose lines may look like its own. */
const framesOf = ({ stack = "", message }: Error): string[] =>
  (stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : stack).split("\n");
