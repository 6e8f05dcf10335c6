/** The knowledge base is read where it is deployed from, so that nobody who answers reads Markdown and PDF. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compileKnowledge } from "../packages/core/clients/knowledge.ts";
import type { LambdaArgs } from "./lambda.ts";
import type { Settings } from "./settings.ts";

export type KnowledgeFiles = Required<LambdaArgs>["files"];

/** The compiled file, none where Bedrock's knowledge base is asked. Throws a `KnowledgeError` that names what can't be read. */
export const compileFiles = async ({
  HILO_KNOWLEDGE_DIR,
  HILO_KNOWLEDGE_BASE_ID,
}: Settings): Promise<KnowledgeFiles> => {
  if (HILO_KNOWLEDGE_BASE_ID !== "") return [];
  const { root, work } = $cli.paths;
  const compiled = await compileKnowledge(path.resolve(root, HILO_KNOWLEDGE_DIR));
  const file = path.join(work, "knowledge.json");
  mkdirSync(work, { recursive: true });
  writeFileSync(file, JSON.stringify(compiled));
  return [{ from: path.relative(root, file), to: "knowledge.json" }];
};
