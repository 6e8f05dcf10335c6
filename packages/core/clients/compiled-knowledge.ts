import { readFile } from "node:fs/promises";
import * as z from "zod";
import { KnowledgeError } from "./knowledge-error.ts";
import { passageSearch } from "./passage-search.ts";
import type { Language } from "./stop-words.ts";
import { languages } from "./terms.ts";

const language = z.enum(languages);

/** One version of a knowledge base, with its files read and its passages indexed: what is deployed in their place. */
export const CompiledKnowledge = z.strictObject({
  /** Raised with every change of what this holds, and of how terms are made of words: an index knows only its own. */
  format: z.literal(1),
  /** As `Knowledge` has it. */
  hash: z.string(),
  passages: z.array(
    z.strictObject({
      source: z.string(),
      language,
      title: z.string(),
      heading: z.string(),
      also: z.string(),
      text: z.string(),
    }),
  ),
  /** Of each language's passages, as `passageIndex` makes it; indexed when it is first asked for where it is absent. */
  indexes: z.partialRecord(language, z.string()).optional(),
});
export type CompiledKnowledge = z.infer<typeof CompiledKnowledge>;

/** It as a `Knowledge`. What a language takes to be searched is made with the first question in it. */
export function knowledgeFrom({ hash, passages, indexes = {} }: CompiledKnowledge) {
  const of = (language: Language) => passages.filter((passage) => passage.language === language);
  const present = languages.filter((language) => of(language).length > 0);
  const searches = new Map<Language, ReturnType<typeof passageSearch>>();
  const searchIn = (language: Language) => {
    const search = searches.get(language) ?? passageSearch(of(language), language, indexes[language]);
    searches.set(language, search);
    return search;
  };
  return {
    hash,
    languages: present,
    topics: (language: Language) => [...new Set(of(language).map((passage) => passage.title))],
    search: async (question: string, language: Language) =>
      present.includes(language) ? searchIn(language)(question) : [],
  };
}

/** From a file that what `compileKnowledge` made was written to. Throws a `KnowledgeError` that names it when it is no such file. */
export async function readCompiled(path: string): Promise<ReturnType<typeof knowledgeFrom>> {
  try {
    return knowledgeFrom(CompiledKnowledge.parse(JSON.parse(await readFile(path, "utf8"))));
  } catch (cause) {
    throw new KnowledgeError(`"${path}" is no compiled knowledge base of this version: deploy it again`, {
      cause,
    });
  }
}
