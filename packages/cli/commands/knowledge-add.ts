import { copyFile, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { detectLanguage } from "#core/clients/language.ts";
import { type Document, type DocumentFacts, knowledgeOf, readDocument } from "#core/clients/knowledge.ts";
import { fold, isLanguage, languages } from "#core/clients/terms.ts";
import { command, settings } from "../command.ts";
import { count } from "../count.ts";
import { Failure, UsageError } from "../errors.ts";
import { escape } from "../output.ts";

export const knowledgeAdd = command({
  name: "knowledge add",
  about: "Adds a Markdown or PDF file to what the bot answers from. A running Hilo reads it within seconds.",
  positionals: ["<file>"],
  options: {
    language: {
      type: "string",
      value: languages.join("|"),
      about: "what it is written in, unless its name says so: menu.es.pdf",
    },
    replace: { type: "boolean", about: "put it in the place of the document of the same name" },
  },
  examples: [
    ["~/menu.pdf --language es", "adds it as menu.es.pdf"],
    ["menu.es.md --replace", "a newer menu"],
  ],
  async run({ values, positionals: [file = ""], out }) {
    const directory = settings(values).HILO_KNOWLEDGE_DIR;
    const name = await nameFor(file, values.language);
    const target = join(directory, name);
    if (!values.replace && (await isThere(target)))
      throw new Failure(`there is a ${name} already: --replace puts this one in its place`);
    await mkdir(directory, { recursive: true });
    const facts = await copyChecked(file, directory, name);
    out.value(facts);
    const looks = await languageOf(file, extname(name), facts.language);
    if (looks !== undefined && looks !== facts.language)
      out.note(`It looks like ${looks}, and only questions in ${facts.language} will find it.`);
    out.text(`${escape(name)}: ${count(facts.passages, "passage")} about "${escape(facts.title)}".`);
    return 0;
  },
});

/** Beside the others but invisible to them until it is known to be good: Hilo may be reading. */
const copyChecked = async (file: string, directory: string, name: string): Promise<DocumentFacts> => {
  const work = join(directory, `.adding-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const copy = join(work, name);
    await copyFile(file, copy);
    const facts = factsOf(await readDocument(copy));
    await rename(copy, join(directory, name));
    return facts;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const factsOf = (document: Document): DocumentFacts => {
  const [facts] = knowledgeOf([document]).documents;
  if (!facts || facts.passages === 0) throw new Failure(`${document.name} has no text to answer from`);
  return facts;
};

/** NAME.LANGUAGE.md or NAME.LANGUAGE.pdf, in letters that any file system takes. */
const nameFor = async (file: string, given: string | undefined): Promise<string> => {
  if (!(await isThere(file))) throw new Failure(`there is no file ${escape(file)}`);
  if (given !== undefined && !isLanguage(given))
    throw new UsageError(`--language is one of ${languages.join(", ")}`);
  const kind = extname(file).toLowerCase();
  if (kind !== ".md" && kind !== ".pdf") throw new UsageError("a document is a .md or a .pdf file");
  const [subject, said] = partsOf(basename(file, extname(file)));
  const slug = fold(subject)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (slug === "") throw new UsageError("the file's name must say what it is about, in letters or digits");
  const language = given ?? said;
  if (language === undefined)
    throw new UsageError(`--language is missing: say what it is written in${await guess(file, kind)}`);
  return `${slug}.${language}${kind}`;
};

/** "menu.es" is about "menu", in Spanish. */
const partsOf = (stem: string): [string, string?] => {
  const dot = stem.lastIndexOf(".");
  const tag = stem.slice(dot + 1);
  return dot > 0 && isLanguage(tag) ? [stem.slice(0, dot), tag] : [stem];
};

/** A suggestion is no decision: a menu's few words may be of any language. */
const guess = async (file: string, kind: string): Promise<string> => {
  const language = await languageOf(file, kind);
  return language === undefined ? "" : `, which looks like ${language}`;
};

/** Of a PDF nothing is said. What could be either is in the language that it is `said` to be in. */
const languageOf = async (file: string, kind: string, said?: string): Promise<string | undefined> =>
  kind === ".md"
    ? detectLanguage(await readFile(file, "utf8"), { known: languages, conversation: said })
    : undefined;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
