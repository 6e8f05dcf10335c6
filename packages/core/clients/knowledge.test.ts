import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pdf } from "../testing/pdf.ts";
import { documentBytesMax, knowledgeOf, loadKnowledge } from "./knowledge.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hilo-knowledge-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});
const put = (name: string, text: string) => writeFile(join(directory, name), text);

const hours = {
  name: "hours.en.md",
  markdown:
    "# Opening hours\n\n## Regular hours\n<!-- also: timetable -->\n\nFrom 8 to 20.\n\n## Terrace\n\nSmoking is allowed outside.",
};
const horario = { name: "hours.es.md", markdown: "# Horario\n\n## Habitual\n\nAbrimos de 8 a 20." };

test("a missing directory is named with its setting", async () => {
  await expect(loadKnowledge(join(directory, "nowhere"))).rejects.toThrow(
    /"[^"]*nowhere".*HILO_KNOWLEDGE_DIR/,
  );
});

test("a directory without documents is an error, whatever else it holds", async () => {
  await put("README.md", "# How to");
  await put("notes.txt", "x");
  await expect(loadKnowledge(directory)).rejects.toThrow(
    /has no NAME\.LANGUAGE\.md or NAME\.LANGUAGE\.pdf file.*HILO_KNOWLEDGE_DIR/,
  );
});

test.each(["menu.md", "menu.fr.md", "menu.eng.md", "menu.pdf", "menu.fr.pdf"])(
  "%s, which has no known language, is refused by name",
  async (name) => {
    await put(name, "# Menu\n\nSoup.");
    await expect(loadKnowledge(directory)).rejects.toThrow(name);
  },
);

test("a document at the size limit is read, one byte more is refused", async () => {
  await put("menu.en.md", "x".repeat(documentBytesMax.md));
  expect((await loadKnowledge(directory)).languages).toEqual(["en"]);
  await put("menu.en.md", "x".repeat(documentBytesMax.md + 1));
  await expect(loadKnowledge(directory)).rejects.toThrow(/menu\.en\.md.*262145 bytes/);
});

test("a PDF is searched beside Markdown, and names its page", async () => {
  await put("hours.es.md", horario.markdown);
  await writeFile(
    join(directory, "carta.es.pdf"),
    pdf([[{ text: "Carta", size: 20 }], [{ text: "Helados", size: 20 }, "De vainilla y de limón."]]),
  );
  const knowledge = await loadKnowledge(directory);
  expect((await knowledge.search("¿tenéis helados?", "es"))[0]?.source).toBe("carta.es.pdf#page=2");
  expect(knowledge.documents).toMatchObject([
    { name: "carta.es.pdf", language: "es", title: "Carta", passages: 1 },
    { name: "hours.es.md", language: "es", title: "Horario", passages: 1, bytes: 42 },
  ]);
});

test("the sample business loads, in both its languages", async () => {
  const sample = fileURLToPath(new URL("../../../knowledge/", import.meta.url));
  expect((await loadKnowledge(sample)).languages).toEqual(["en", "es"]);
});

test("the topics are the titles in one language", () => {
  const knowledge = knowledgeOf([hours, horario]);
  expect(knowledge.topics("es")).toEqual(["Horario"]);
  expect(knowledge.topics("pt")).toEqual([]);
});

test("a passage is found by its heading, its other words, its text and a misspelling", async () => {
  const { search } = knowledgeOf([hours]);
  for (const question of ["regular hours", "your timetable?", "regulr"]) {
    expect((await search(question, "en"))[0]?.source).toBe("hours.en.md#regular-hours");
  }
  expect((await search("is smoking ok", "en"))[0]?.source).toBe("hours.en.md#terrace");
});

test("confidence is the share of the question that is covered", async () => {
  const { search } = knowledgeOf([hours]);
  const confidence = async (question: string) => (await search(question, "en"))[0]?.confidence ?? 0;
  expect(await confidence("timetable")).toBe(1);
  expect(await confidence("timetable of trains")).toBeLessThan(0.5);
  expect(await confidence("regulr")).toBeGreaterThan(0.5);
  expect(await confidence("regulr")).toBeLessThan(1);
  expect(await confidence("smoking")).toBeLessThan(1);
  expect(await confidence("timetable on Friday")).toBe(1);
});

test("a passage that covers the question comes before one that repeats a word of it", async () => {
  const { search } = knowledgeOf([
    {
      name: "bread.en.md",
      markdown:
        "# Bread\n\n## Bread\n<!-- also: bread, bread rolls, our bread -->\n\nBread, bread and bread.",
    },
    {
      name: "orders.en.md",
      markdown:
        "# Orders\n\n## Orders\n\nWe put aside bread and cakes for those who write early in the day, and slice what is to be sliced.",
    },
  ]);
  expect((await search("put aside bread", "en"))[0]?.source).toBe("orders.en.md#orders");
});

test("a phrase of the question counts more than its words", async () => {
  const { search } = knowledgeOf([
    {
      name: "a.en.md",
      markdown: "# A\n\n## Reservation reservation\n<!-- also: reservation, make it later -->\n\nLater.",
    },
    {
      name: "b.en.md",
      markdown:
        "# B\n\n## Tables\n<!-- also: make a reservation, seats, chairs, booking, walk in -->\n\nWrite to us.",
    },
  ]);
  expect((await search("I would like to make a reservation", "en"))[0]?.source).toBe("b.en.md#tables");
  expect((await search("reservation", "en"))[0]?.source).toBe("a.en.md#reservation-reservation");
});

test("nothing is found in another language", async () => {
  const { search } = knowledgeOf([hours, horario]);
  expect(await search("timetable", "es")).toEqual([]);
  expect(await search("timetable", "pt")).toEqual([]);
});

test("a question of nothing but stop words, or of nothing, finds nothing", async () => {
  const { search } = knowledgeOf([hours]);
  expect(await search("what is it?", "en")).toEqual([]);
  expect(await search("", "en")).toEqual([]);
});

test("only the first 1,000 characters of a question count", async () => {
  const { search } = knowledgeOf([hours]);
  expect(await search(`${" ".repeat(991)}timetable`, "en")).toHaveLength(1);
  expect(await search(`${" ".repeat(1000)}timetable`, "en")).toEqual([]);
});

test("the hash changes with any content and only then", () => {
  const { hash } = knowledgeOf([hours]);
  expect(knowledgeOf([{ ...hours }]).hash).toBe(hash);
  expect(knowledgeOf([{ ...hours, markdown: `${hours.markdown} ` }]).hash).not.toBe(hash);
  expect(knowledgeOf([{ ...hours, name: "times.en.md" }]).hash).not.toBe(hash);
});
