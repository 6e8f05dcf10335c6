/** The knowledge base can't be used: the message names the file and what is wanted. */
export class KnowledgeError extends Error {
  override name = "KnowledgeError";
}
