import type { Circuits } from "#core/clients/circuits.ts";
import type { CurrentKnowledge } from "#core/clients/follow-knowledge.ts";
import type { Config } from "#core/config.ts";

type Deps = {
  circuits: Circuits;
  /** That of files, which on a laptop are the folder's own, and on AWS what was compiled of them. */
  files: () => Promise<CurrentKnowledge>;
};

/** The knowledge base that the settings name: files, or one of Bedrock's, whose client is loaded only then. */
export const openKnowledge = async (
  { HILO_KNOWLEDGE_BASE_ID: knowledgeBaseId }: Pick<Config, "HILO_KNOWLEDGE_BASE_ID">,
  { circuits, files }: Deps,
): Promise<CurrentKnowledge> => {
  if (knowledgeBaseId === "") return files();
  const [{ BedrockAgentRuntimeClient }, { bedrockKnowledge }, { guardedKnowledge }] = await Promise.all([
    import("@aws-sdk/client-bedrock-agent-runtime"),
    import("#core/clients/bedrock-knowledge.ts"),
    import("#core/clients/guarded-knowledge.ts"),
  ]);
  const client = new BedrockAgentRuntimeClient({});
  const knowledge = guardedKnowledge(bedrockKnowledge({ client, knowledgeBaseId }), circuits);
  return async () => knowledge;
};
