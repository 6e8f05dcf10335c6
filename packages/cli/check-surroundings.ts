import * as z from "zod";
import { loadKnowledge } from "#core/clients/knowledge.ts";
import type { Config } from "#core/config.ts";
import type { Finding } from "./finding.ts";

const answerMsMax = 3_000;

export const checkKnowledge = async ({ HILO_KNOWLEDGE_DIR }: Config): Promise<Finding> => {
  try {
    const { languages, topics } = await loadKnowledge(HILO_KNOWLEDGE_DIR);
    const counts = languages.map((language) => `${topics(language).length} in ${language}`);
    return { level: "ok", what: `the knowledge base has ${counts.join(", ")}` };
  } catch (error) {
    return {
      level: "bad",
      what: error instanceof Error ? error.message : String(error),
      todo: "Hilo does not start without it.",
    };
  }
};

/** Whether Hilo listens where the settings say, or could. */
export const checkPort = async ({ HILO_PORT }: Config): Promise<Finding> => {
  if (HILO_PORT === 0) return { level: "ok", what: "Hilo picks a free port (HILO_PORT is 0)" };
  const answer = await ask(`http://localhost:${HILO_PORT}/health`);
  switch (answer) {
    case "hilo":
      return { level: "ok", what: `Hilo answers on port ${HILO_PORT}` };
    case "nobody":
      return { level: "ok", what: `Hilo is not running, and port ${HILO_PORT} is free` };
    case "other":
      return {
        level: "bad",
        what: `port ${HILO_PORT} is taken by something else`,
        todo: "Stop that, or set HILO_PORT to another.",
      };
  }
};

const Health = z.object({ status: z.literal("ok") });

const ask = async (url: string): Promise<"hilo" | "nobody" | "other"> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
    return Health.safeParse(await response.json()).success ? "hilo" : "other";
  } catch (error) {
    return isRefused(error) ? "nobody" : "other";
  }
};

/** `localhost` may mean two addresses; then there is one error for each. */
const isRefused = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  const causes: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.every((one) => one instanceof Error && "code" in one && one.code === "ECONNREFUSED");
};
