import { type CurrentKnowledge, followKnowledge } from "#core/clients/follow-knowledge.ts";
import { KnowledgeError } from "#core/clients/knowledge-error.ts";
import { describeError, type Log } from "#functions/shared/log.ts";

/** The knowledge base of a folder, read again when its files change; what can't be read is told of in the log. */
export const followFiles = (
  directory: string,
  { clock, log }: { clock: () => Date; log: Log },
): Promise<CurrentKnowledge> =>
  followKnowledge(directory, {
    clock,
    failed: (error) =>
      log("error", "the knowledge base could not be read again: what it held stays in use", {
        reason: error instanceof KnowledgeError ? error.message : describeError(error),
      }),
  });
