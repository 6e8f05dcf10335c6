import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type CompiledKnowledge, knowledgeFrom } from "./compiled-knowledge.ts";
import { KnowledgeError } from "./knowledge-error.ts";
import { type FoundPassage, passageIndex } from "./passage-search.ts";
import { passagesOf, type Passage } from "./passages.ts";
import { pdfPages, type PdfPage } from "./pdf-pages.ts";
import { pdfPassages } from "./pdf-passages.ts";
import { lightWords, stopWords, type Language } from "./stop-words.ts";
import { isLanguage, languages } from "./terms.ts";

/** What the business has written for its customers, searchable per language: one version of it, which never changes. */
export type Knowledge = {
  /** Of everything that decides what is found, such as the files' names and content, and the word lists. */
  hash: string;
  /** Those with at least one passage. */
  languages: readonly Language[];
  /** The documents' titles, in the order of their file names. */
  topics: (language: Language) => string[];
  /** Best first; nothing for a language without files. Only the first 1,000 characters of a question count. */
  search: (question: string, language: Language) => Promise<FoundPassage[]>;
};

/** That of this machine's files, which can say what it is made of. */
export type LocalKnowledge = Knowledge & { documents: readonly DocumentFacts[] };

export type DocumentFacts = {
  name: string;
  language: Language;
  title: string;
  passages: number;
  bytes: number;
  /** SHA-256 of what was read from it. */
  hash: string;
};

/** As it was read from a file: of a PDF, its lines. */
export type Document = { name: string; markdown: string } | { name: string; pages: PdfPage[]; bytes: number };

export const documentBytesMax = { md: 256 * 1024, pdf: 16 * 1024 * 1024 };
export const documentsMax = 1000;

/**
 * Reads every `NAME.LANGUAGE.md` and `NAME.LANGUAGE.pdf` (such as `menu.es.md`) of a directory, without its
 * subdirectories and README.md. Throws a `KnowledgeError`, naming the file and the setting, when one has no known
 * language, is too big or unreadable, or when none is there.
 */
export async function loadKnowledge(directory: string): Promise<LocalKnowledge> {
  return knowledgeOf(await readDocuments(directory));
}

/** The same from memory. */
export function knowledgeOf(documents: Document[]): LocalKnowledge {
  const read = documents.map((document) => ({ document, passages: passagesIn(document) }));
  return { ...knowledgeFrom(compiled(read)), documents: read.map(factsOf) };
}

/** The same as a file to deploy, with its passages indexed: reading and indexing is most of what a start takes. */
export async function compileKnowledge(directory: string): Promise<CompiledKnowledge> {
  const documents = await readDocuments(directory);
  const knowledge = compiled(documents.map((document) => ({ document, passages: passagesIn(document) })));
  const indexed = languages.flatMap((language) => {
    const passages = knowledge.passages.filter((passage) => passage.language === language);
    return passages.length > 0 ? [[language, passageIndex(passages, language)] as const] : [];
  });
  return { ...knowledge, indexes: Object.fromEntries(indexed) };
}

type Read = { document: Document; passages: Passage[] };

function compiled(read: Read[]): CompiledKnowledge {
  const passages = read.flatMap((each) => each.passages);
  return {
    format: 1,
    hash: hashOf([read.map(({ document }) => document), wordLists]),
    passages,
  };
}

async function readDocuments(directory: string): Promise<Document[]> {
  const documents: Document[] = [];
  // one after the other: a PDF in the works takes many times its size
  for (const name of await documentNames(directory))
    documents.push(await readDocument(join(directory, name)));
  return documents;
}

/** One file. Throws a `KnowledgeError` as `loadKnowledge` does. */
export async function readDocument(path: string): Promise<Document> {
  const name = basename(path);
  const kind = name.endsWith(".pdf") ? "pdf" : "md";
  const { size } = await stat(path);
  if (size > documentBytesMax[kind])
    throw new KnowledgeError(
      `Knowledge file "${path}" has ${size} bytes; the limit is ${documentBytesMax[kind]} (${setting})`,
    );
  languageOf(name);
  const content = await readFile(path);
  return kind === "pdf"
    ? { name, pages: await pdfPages(name, content), bytes: size }
    : { name, markdown: content.toString("utf8").replace(/^\uFEFF/, "") };
}

/** The files of a knowledge base, in the order of their names. */
export async function documentNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch((cause: unknown) => {
    throw new KnowledgeError(
      `Cannot read the knowledge base at "${directory}": set ${setting} to a directory of NAME.LANGUAGE.md files`,
      { cause },
    );
  });
  const names = entries.filter((name) => /\.(md|pdf)$/.test(name) && name !== "README.md").toSorted();
  if (names.length === 0)
    throw new KnowledgeError(
      `The knowledge base at "${directory}" has no NAME.LANGUAGE.md or NAME.LANGUAGE.pdf file (${setting})`,
    );
  if (names.length > documentsMax)
    throw new KnowledgeError(
      `The knowledge base at "${directory}" has more than ${documentsMax} files (${setting})`,
    );
  return names;
}

const setting = "HILO_KNOWLEDGE_DIR";
const wordLists = [stopWords, lightWords].map((lists) => Object.values(lists).map((list) => [...list]));

function passagesIn(document: Document): Passage[] {
  const language = languageOf(document.name);
  return "pages" in document
    ? pdfPassages(document.pages, document.name, language)
    : passagesOf(document.markdown, document.name, language);
}

function factsOf({ document, passages }: Read): DocumentFacts {
  const { name } = document;
  const content = "pages" in document ? JSON.stringify(document.pages) : document.markdown;
  return {
    name,
    language: languageOf(name),
    title: passages[0]?.title ?? name,
    passages: passages.length,
    bytes: "pages" in document ? document.bytes : Buffer.byteLength(content),
    hash: createHash("sha256").update(content).digest("hex"),
  };
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function languageOf(name: string): Language {
  const suffix = /\.([a-z]{2})\.(?:md|pdf)$/.exec(name)?.[1] ?? "";
  if (isLanguage(suffix)) return suffix;
  throw new KnowledgeError(
    `Knowledge file "${name}" must be named NAME.LANGUAGE.md or NAME.LANGUAGE.pdf, with a language of ${languages.join(", ")} (${setting})`,
  );
}
