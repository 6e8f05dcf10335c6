import { expect, test } from "vitest";
import type { Language } from "./stop-words.ts";
import { fold, isLanguage, termsOf, wordsOf } from "./terms.ts";

const stems = (text: string, language: Language) => termsOf(text, language).map((term) => term.stem);

test("accents, case and apostrophes make no difference", () => {
  expect(fold("¿QUÉ tal, Ñoño? Don’t")).toBe("¿que tal, nono? dont");
});

test("words, numbers and emoji are words; punctuation is not", () => {
  expect(wordsOf("¡Hola! 2 cafés 👍🏽, ok?")).toEqual(["hola", "2", "cafes", "👍", "ok"]);
});

test("what a question is about leaves out stop words, numbers and emoji", () => {
  expect(stems("Do you have 2 croissants, please? 🥐", "en")).toEqual(["croissant"]);
});

test.each<[Language, string, string]>([
  ["en", "vegans", "vegan"],
  ["es", "línea", "lineas"],
  ["es", "reservación", "reservaciones"],
  ["es", "cancelacion", "cancelación"],
  ["es", "panes", "pan"],
  ["pt", "reservações", "reserva"],
])("in %s, %s and %s are one word", (language, one, other) => {
  expect(stems(one, language)).toEqual(stems(other, language));
});

test("times and places are light: they help when found and are not missed", () => {
  expect(termsOf("a table on Friday", "en").map((term) => term.light)).toEqual([false, true]);
});

test("a language is one of ours by its base tag", () => {
  expect(["es", "es-MX", "fr"].map(isLanguage)).toEqual([true, false, false]);
});
