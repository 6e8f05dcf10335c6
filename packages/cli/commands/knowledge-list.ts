import { type DocumentFacts, loadKnowledge } from "#core/clients/knowledge.ts";
import { command, settings } from "../command.ts";
import { count } from "../count.ts";
import { escape, table } from "../output.ts";

export const knowledgeList = command({
  name: "knowledge list",
  about: "Lists the documents that the bot answers from. A passage is found, and said, as a whole.",
  options: {},
  examples: [
    ["", "all of HILO_KNOWLEDGE_DIR"],
    ["--json | jq -r .hash", "the version of each document, and of all together"],
  ],
  async run({ values, out }) {
    const { documents, hash } = await loadKnowledge(settings(values).HILO_KNOWLEDGE_DIR);
    for (const document of documents) out.value(document);
    out.value({ hash });
    for (const line of table(header, documents.map(row))) out.text(line);
    const passages = documents.reduce((sum, document) => sum + document.passages, 0);
    out.note(
      `${count(documents.length, "document")}, ${count(passages, "passage")}, version ${hash.slice(0, 12)}.`,
    );
    return 0;
  },
});

const header = ["DOCUMENT", "LANGUAGE", "PASSAGES", "BYTES", "VERSION", "SUBJECT"];

const row = ({ name, language, passages, bytes, hash, title }: DocumentFacts): string[] => [
  escape(name),
  language,
  String(passages),
  String(bytes),
  hash.slice(0, 12),
  escape(title),
];
