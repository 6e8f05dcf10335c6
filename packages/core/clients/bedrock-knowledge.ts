import {
  type BedrockAgentRuntimeClient,
  type KnowledgeBaseRetrievalResult,
  RetrieveCommand,
} from "@aws-sdk/client-bedrock-agent-runtime";
import { createHash } from "node:crypto";
import { awsFault } from "./aws-faults.ts";
import type { Knowledge } from "./knowledge.ts";
import { KnowledgeFault } from "./model.ts";
import { type FoundPassage, questionCharactersMax } from "./passage-search.ts";
import { type Language } from "./stop-words.ts";
import { languages as allLanguages } from "./terms.ts";

export type BedrockKnowledgeOptions = {
  client: BedrockAgentRuntimeClient;
  knowledgeBaseId: string;
  /** Those that its documents are in. A document counts for one by its metadata attribute `language`. */
  languages?: readonly Language[];
  timeoutMs?: number;
};

const timeoutMsDefault = 3_000;
const resultsMax = 10;

/**
 * A knowledge base of Amazon Bedrock, whose documents each have the metadata attributes `language` and, where there
 * is one, `title`. The confidence is Bedrock's own score. Throws a `KnowledgeFault` when it can't be reached in time.
 * Nobody tells us of its changes, so the hash names the knowledge base, and not what is in it.
 */
export function bedrockKnowledge({
  client,
  knowledgeBaseId,
  languages = allLanguages,
  timeoutMs = timeoutMsDefault,
}: BedrockKnowledgeOptions): Knowledge {
  return {
    hash: createHash("sha256").update(`bedrock:${knowledgeBaseId}`).digest("hex"),
    languages,
    topics: () => [],
    search: async (question, language) => {
      const text = question.slice(0, questionCharactersMax);
      if (text.trim() === "") return [];
      const command = new RetrieveCommand({
        knowledgeBaseId,
        retrievalQuery: { text },
        retrievalConfiguration: {
          vectorSearchConfiguration: {
            numberOfResults: resultsMax,
            filter: { equals: { key: "language", value: language } },
          },
        },
      });
      const { retrievalResults = [] } = await client
        .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
        .catch((error: unknown) => {
          const { kind, retry, message } = awsFault("Bedrock knowledge base", error);
          throw new KnowledgeFault(kind, retry, message, { cause: error });
        });
      return retrievalResults.flatMap((result) => foundIn(result, language));
    },
  };
}

/** Only text with a place to name as its source: an answer without one is no answer. */
function foundIn(result: KnowledgeBaseRetrievalResult, language: Language): FoundPassage[] {
  const text = result.content?.text?.trim() ?? "";
  const file = placeOf(result);
  if (text === "" || file === undefined) return [];
  const page = attribute(result, "x-amz-bedrock-kb-document-page-number");
  const title = attribute(result, "title") ?? file.replace(/\..*$/, "");
  return [
    {
      source: page === undefined ? file : `${file}#page=${page}`,
      language,
      title,
      heading: title,
      also: "",
      text,
      confidence: Math.min(1, Math.max(0, result.score ?? 0)),
    },
  ];
}

/** A file of S3 by its name, anything else by its address. */
function placeOf({ location }: KnowledgeBaseRetrievalResult): string | undefined {
  const file = location?.s3Location?.uri?.split("/").at(-1);
  return file ?? location?.webLocation?.url ?? location?.customDocumentLocation?.id;
}

function attribute({ metadata }: KnowledgeBaseRetrievalResult, name: string): string | undefined {
  const value = metadata?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
