import { ConfigError } from "#core/config.ts";
import { describeError } from "#functions/shared/log.ts";
import { UsageError } from "./errors.ts";

const told = new Set([
  "Failure",
  "KnowledgeError",
  "EvaluationError",
  "SettingFileError",
  "RebuildIncomplete",
  "Contention",
  "WrongMasterKey",
  "KeyRemains",
  "SimulatorRemains",
]);

/** The sentence for stderr, and the exit code. */
export const explain = (error: unknown): { message: string; code: 1 | 2 } => {
  if (error instanceof UsageError) return { message: error.message, code: 2 };
  if (!(error instanceof Error)) return { message: String(error), code: 1 };
  if (error instanceof ConfigError || told.has(error.name)) return { message: error.message, code: 1 };
  if ("code" in error && error.code === "ERR_SQLITE_ERROR")
    return { message: `the data cannot be used: ${error.message} (hilo doctor looks closer)`, code: 1 };
  return { message: `this is a bug in Hilo: ${error.message} (${describeError(error)})`, code: 1 };
};
