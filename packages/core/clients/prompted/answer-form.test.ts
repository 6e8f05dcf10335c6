import { describe, expect, it } from "vitest";
import { openingHours } from "../../testing/model-scenes.ts";
import { answerForm, readAnswer, type Shown } from "./answer-form.ts";
import { jsonIn } from "./chat.ts";

const shown: Shown = {
  sources: new Set(["opening-hours.es.md#horario-habitual", "menu.es.md#pan"]),
  usedTools: false,
  language: "es",
};
const read = (more: object, among: Partial<Shown> = {}) =>
  readAnswer({ ...openingHours, ...more }, { ...shown, ...among });

describe("an answer", () => {
  it.each([
    undefined,
    null,
    "Abrimos",
    {},
    { ...openingHours, reply: undefined },
    { ...openingHours, reply: "" },
    { ...openingHours, intent: "obey" },
    { ...openingHours, needsHuman: "yes" },
  ])("that can't be made out is none: %j", (output) => {
    expect(readAnswer(output, shown)).toBeUndefined();
  });

  it("names each source that was shown once, and no other", () => {
    const sources = [
      "menu.es.md#pan",
      "secrets.md",
      "menu.es.md#pan",
      "opening-hours.es.md#horario-habitual",
    ];
    expect(read({ sources })?.sources).toEqual(["menu.es.md#pan", "opening-hours.es.md#horario-habitual"]);
  });

  it("is sure of nothing where nothing it was shown says so", () => {
    expect(read({ sources: ["secrets.md"] })?.confidence).toBe(0);
    expect(read({ sources: [] }, { usedTools: true })?.confidence).toBe(0.95);
    expect(read({ sources: [], intent: "greeting" })?.confidence).toBe(0.95);
  });

  it.each([
    [true, "answer", true, "hand-over"],
    [false, "hand-over", true, "hand-over"],
    [false, "answer", false, "answer"],
  ])("with needsHuman %s and intent %s needs a person: %s", (needsHuman, intent, needs, becomes) => {
    expect(read({ needsHuman, intent })).toMatchObject({ needsHuman: needs, intent: becomes });
  });

  it.each([4_096, 4_097, 40_000])("of %d characters fits into a message", (length) => {
    const text = read({ reply: "🥐".repeat(length) })?.text ?? "";
    expect([...text].length).toBe(4_096);
  });

  it("is written as WhatsApp shows it", () => {
    const reply = "**Menu**: [here](https://cafehilo.example/menu)";
    expect(read({ reply })?.text).toBe("*Menu*: here (https://cafehilo.example/menu)");
  });

  it("gets the space that would make a link of two sentences", () => {
    expect(read({ reply: "Abrimos a las 8.Es pronto" })?.text).toBe("Abrimos a las 8. Es pronto");
  });

  it.each([
    ["es-ES", "es-ES"],
    ["pt", "pt"],
    ["zh-Hant-TW", "zh-Hant-TW"],
    ["es-419", "es-419"],
    ["es-34600-000047", "es"],
    ["en-Marta-Lopez", "es"],
    ["Spanish (Spain)", "es"],
    ["", "es"],
  ])("in the language %j is in %j", (language, becomes) => {
    expect(read({ language })?.language).toBe(becomes);
  });

  it.each([
    [0.5, 0.5],
    ["0.5", 0.5],
    [1.5, 0],
    ["high", 0],
    [null, 0],
  ])("as sure as %j is sure to %d", (confidence, becomes) => {
    expect(read({ confidence })?.confidence).toBe(becomes);
  });

  it("offers what can be tapped, three times at most", () => {
    const choices = ["Sí", "Sí", " No ", "x".repeat(20), "x".repeat(21), "a\nb", "Quizás"];
    expect(read({ choices })?.choices).toEqual([
      { id: "choice-1", title: "Sí" },
      { id: "choice-2", title: "No" },
      { id: "choice-3", title: "x".repeat(20) },
    ]);
    expect(read({ choices: [] })).not.toHaveProperty("choices");
  });
});

it("the form asks for what every vendor can hold a model to", () => {
  const { schema } = answerForm;
  expect(schema).not.toHaveProperty("$schema");
  expect(schema["additionalProperties"]).toBe(false);
  expect(schema["required"]).toEqual(Object.keys(openingHours).toSorted((a, b) => order(a) - order(b)));
  expect(JSON.stringify(schema)).not.toMatch(
    /"(?:minimum|maximum|minLength|maxLength|maxItems|pattern|default)"/,
  );
});
const order = (name: string): number => Object.keys(answerForm.schema["properties"] as object).indexOf(name);

it.each([
  ['{"a":1}', { a: 1 }],
  ['```json\n{"a":{"b":"}"}}\n```', { a: { b: "}" } }],
  ['Here: {"a":1} Done.', { a: 1 }],
  ['{"a":', undefined],
  ["}{", undefined],
  ["no", undefined],
  ["", undefined],
])("the JSON in %j is %j", (text, json) => {
  expect(jsonIn(text)).toEqual(json);
});
