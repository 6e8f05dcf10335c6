import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { passageSearch, type FoundPassage } from "./passage-search.ts";
import { passagesOf } from "./passages.ts";
import { lightWords, stopWords, type Language } from "./stop-words.ts";
import { isLanguage, languages } from "./terms.ts";

/** What the business has written for its customers, searchable per language. */
export type Knowledge = {
  /** Of everything that decides what is found: the files' names and content, and the word lists. */
  hash: string;
  /** Those with at least one passage. */
  languages: readonly Language[];
  /** The documents' titles, in the order of their file names. */
  topics: (language: Language) => string[];
  /** Best first; nothing for a language without files. Only the first 1,000 characters of a question count. */
  search: (question: string, language: Language) => FoundPassage[];
};

export type Document = { name: string; markdown: string };

export const documentBytesMax = 256 * 1024;
export const documentsMax = 1000;

/**
 * Reads every `NAME.LANGUAGE.md` (such as `menu.es.md`) of a directory, without its subdirectories and README.md.
 * Throws, naming the file and the setting, when one has no known language or is too big, or when none is there.
 */
export async function loadKnowledge(directory: string): Promise<Knowledge> {
  const names = await documentNames(directory);
  return knowledgeOf(
    await Promise.all(
      names.map(async (name) => ({ name, markdown: await contentOf(join(directory, name)) })),
    ),
  );
}

/** The same from memory. */
export function knowledgeOf(documents: Document[]): Knowledge {
  const passages = documents.flatMap(({ name, markdown }) => passagesOf(markdown, name, languageOf(name)));
  const present = languages.filter((language) => passages.some((passage) => passage.language === language));
  const of = (language: Language) => passages.filter((passage) => passage.language === language);
  // Made when a language is first asked for: it is most of the time that a start takes.
  const searches = new Map<Language, ReturnType<typeof passageSearch>>();
  const searchIn = (language: Language) => {
    const search = searches.get(language) ?? passageSearch(of(language), language);
    searches.set(language, search);
    return search;
  };
  return {
    hash: createHash("sha256")
      .update(JSON.stringify([documents, wordLists]))
      .digest("hex"),
    languages: present,
    topics: (language) => [...new Set(of(language).map((passage) => passage.title))],
    search: (question, language) => (present.includes(language) ? searchIn(language)(question) : []),
  };
}

/** The knowledge base can't be used: the message names the file and what is wanted. */
export class KnowledgeError extends Error {
  override name = "KnowledgeError";
}

const setting = "HILO_KNOWLEDGE_DIR";
const wordLists = [stopWords, lightWords].map((lists) => Object.values(lists).map((list) => [...list]));

function languageOf(name: string): Language {
  const suffix = /\.([a-z]{2})\.md$/.exec(name)?.[1] ?? "";
  if (isLanguage(suffix)) return suffix;
  throw new KnowledgeError(
    `Knowledge file "${name}" must be named NAME.LANGUAGE.md, with a language of ${languages.join(", ")} (${setting})`,
  );
}

async function documentNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch((cause: unknown) => {
    throw new KnowledgeError(
      `Cannot read the knowledge base at "${directory}": set ${setting} to a directory of NAME.LANGUAGE.md files`,
      { cause },
    );
  });
  const names = entries.filter((name) => name.endsWith(".md") && name !== "README.md").toSorted();
  if (names.length === 0)
    throw new KnowledgeError(
      `The knowledge base at "${directory}" has no NAME.LANGUAGE.md file (${setting})`,
    );
  if (names.length > documentsMax)
    throw new KnowledgeError(
      `The knowledge base at "${directory}" has more than ${documentsMax} files (${setting})`,
    );
  return names;
}

async function contentOf(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > documentBytesMax)
    throw new KnowledgeError(
      `Knowledge file "${path}" has ${size} bytes; the limit is ${documentBytesMax} (${setting})`,
    );
  return readFile(path, "utf8");
}
