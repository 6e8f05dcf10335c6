import { expect, test } from "vitest";
import { passagesOf } from "./passages.ts";

const read = (markdown: string) => passagesOf(markdown, "hours.es.md", "es");

test("each section is a passage with its title, heading and source", () => {
  expect(
    read(
      "# Horario\n\n## Días festivos\n<!-- also: navidad, puente -->\n\nCerramos.\n\n## Verano\n\nAbrimos.",
    ),
  ).toEqual([
    {
      source: "hours.es.md#dias-festivos",
      language: "es",
      title: "Horario",
      heading: "Días festivos",
      also: "navidad, puente",
      text: "Cerramos.",
    },
    {
      source: "hours.es.md#verano",
      language: "es",
      title: "Horario",
      heading: "Verano",
      also: "",
      text: "Abrimos.",
    },
  ]);
});

test("text before the first section belongs to the title", () => {
  expect(read("# Horario\n\nSiempre abierto.")).toMatchObject([
    { source: "hours.es.md#horario", heading: "Horario" },
  ]);
});

test("a document without a title has its file's name", () => {
  expect(read("Siempre abierto.")).toMatchObject([{ title: "hours", source: "hours.es.md#hours" }]);
});

test("a section without text is no passage", () => {
  expect(read("# Horario\n\n## Vacío\n<!-- also: nada -->\n")).toEqual([]);
});

test("a comment is never part of the text", () => {
  expect(read("# A\n\nuno <!-- secreto --> dos")[0]?.text).toBe("uno  dos");
});

test("a # in a code block is no heading", () => {
  expect(read("# A\n\n```\n# no\n```")).toHaveLength(1);
});

test("a section of more than 1,500 characters is split between paragraphs", () => {
  const paragraph = "x".repeat(800);
  expect(
    read(`# A\n\n${paragraph}\n\n${paragraph}`).map((passage) => [passage.source, passage.text]),
  ).toEqual([
    ["hours.es.md#a", paragraph],
    ["hours.es.md#a", paragraph],
  ]);
  expect(read(`# A\n\n${"x".repeat(700)}\n\n${"x".repeat(798)}`)).toHaveLength(1);
});

test.each([
  ["lines", "Una línea de la lista de precios\n"],
  ["sentences", "Una frase que no es larga. "],
  ["words", "palabra "],
  ["characters", "🥐"],
])("a paragraph of more than 1,500 characters is split between %s", (_, piece) => {
  const paragraph = piece.repeat(1_000).trim();
  const texts = read(`# A\n\n${paragraph}`).map(({ text }) => text);
  expect(texts.length).toBeGreaterThan(1);
  for (const text of texts) {
    expect(text.length).toBeLessThanOrEqual(1_500);
    expect(text.replaceAll(piece, "").replaceAll(piece.trim(), "").trim()).toBe("");
  }
  expect(texts.join("").replace(/\s/g, "")).toBe(paragraph.replace(/\s/g, ""));
});
