import type { Circuits } from "#core/clients/circuits.ts";
import { type CurrentKnowledge, followKnowledge } from "#core/clients/follow-knowledge.ts";
import { KnowledgeError } from "#core/clients/knowledge-error.ts";
import type { Config } from "#core/config.ts";
import { describeError, type Log } from "./log.ts";

/** The knowledge base that the settings name: files, or one of Bedrock's, whose client is loaded only then. */
export const openKnowledge = async (
  {
    HILO_KNOWLEDGE_DIR,
    HILO_KNOWLEDGE_BASE_ID,
  }: Pick<Config, "HILO_KNOWLEDGE_DIR" | "HILO_KNOWLEDGE_BASE_ID">,
  { clock, log, circuits }: { clock: () => Date; log: Log; circuits: Circuits },
): Promise<CurrentKnowledge> => {
  if (HILO_KNOWLEDGE_BASE_ID === "")
    return followKnowledge(HILO_KNOWLEDGE_DIR, {
      clock,
      failed: (error) =>
        log("error", "the knowledge base could not be read again: what it held stays in use", {
          reason: error instanceof KnowledgeError ? error.message : describeError(error),
        }),
    });
  const [{ BedrockAgentRuntimeClient }, { bedrockKnowledge }, { guardedKnowledge }] = await Promise.all([
    import("@aws-sdk/client-bedrock-agent-runtime"),
    import("#core/clients/bedrock-knowledge.ts"),
    import("#core/clients/guarded-knowledge.ts"),
  ]);
  const client = new BedrockAgentRuntimeClient({});
  const knowledge = guardedKnowledge(
    bedrockKnowledge({ client, knowledgeBaseId: HILO_KNOWLEDGE_BASE_ID }),
    circuits,
  );
  return async () => knowledge;
};
