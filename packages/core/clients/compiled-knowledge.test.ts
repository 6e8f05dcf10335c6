import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pdf } from "../testing/pdf.ts";
import { knowledgeFrom, readCompiled } from "./compiled-knowledge.ts";
import { compileKnowledge, loadKnowledge } from "./knowledge.ts";

let directory = "";
let file = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hilo-knowledge-"));
  file = join(directory, "knowledge.json");
  await writeFile(
    join(directory, "hours.en.md"),
    "# Opening hours\n\n## Regular hours\n<!-- also: timetable -->\n\nFrom 8 to 20, see https://example.com/hours.\n\n## Terrace\n\nSmoking is allowed outside.",
  );
  await writeFile(
    join(directory, "carta.es.pdf"),
    pdf([[{ text: "Carta", size: 20 }], [{ text: "Helados", size: 20 }, "De vainilla y de limón."]]),
  );
});
afterEach(() => rm(directory, { recursive: true }));

it("finds and says what the files themselves do, in each language", async () => {
  const files = await loadKnowledge(directory);
  await writeFile(file, JSON.stringify(await compileKnowledge(directory)));
  const compiled = await readCompiled(file);
  expect(compiled).toMatchObject({ hash: files.hash, languages: ["en", "es"] });
  for (const [language, questions] of Object.entries({
    en: ["timetable", "may I smoke on the terrace?", "tarrace", "helicopters"],
    es: ["¿qué helados tenéis?", "limon", "horario"],
  })) {
    const tongue = language === "en" ? "en" : "es";
    expect(compiled.topics(tongue)).toEqual(files.topics(tongue));
    for (const question of questions)
      expect(await compiled.search(question, tongue)).toEqual(await files.search(question, tongue));
  }
  expect(await compiled.search("limon", "es")).toMatchObject([{ source: "carta.es.pdf#page=2" }]);
});

it("does not read the text of its passages again: only what was indexed is found", async () => {
  const { indexes, ...rest } = await compileKnowledge(directory);
  const passages = rest.passages.map((passage) => ({ ...passage, text: "Nothing." }));
  const found = (knowledge: ReturnType<typeof knowledgeFrom>) => knowledge.search("smoking", "en");
  expect(await found(knowledgeFrom({ ...rest, passages, ...(indexes && { indexes }) }))).toHaveLength(1);
  expect(await found(knowledgeFrom({ ...rest, passages }))).toEqual([]);
});

it("names a file that is not there, is no JSON, or of another format", async () => {
  const compiled = await compileKnowledge(directory);
  await expect(readCompiled(file)).rejects.toThrow(/knowledge\.json" is no compiled knowledge base/);
  for (const text of ["{", JSON.stringify({ ...compiled, format: 2 })]) {
    await writeFile(file, text);
    await expect(readCompiled(file)).rejects.toThrow(/knowledge\.json" is no compiled knowledge base/);
  }
});
