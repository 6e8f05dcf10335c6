import type { Circuits } from "./circuits.ts";
import type { Knowledge } from "./knowledge.ts";
import { KnowledgeFault } from "./model.ts";

/** A knowledge base that is not asked while it is down, whichever model is to answer from it. Throws `KnowledgeFault`s. */
export const guardedKnowledge = (knowledge: Knowledge, circuits: Circuits): Knowledge => ({
  ...knowledge,
  async search(question, language) {
    const guarded = await circuits.guard(
      "knowledge",
      () => knowledge.search(question, language),
      () => false,
    );
    if (guarded.made) return guarded.result;
    throw new KnowledgeFault("unavailable", "later", "the knowledge base is down: it is left alone");
  },
});
