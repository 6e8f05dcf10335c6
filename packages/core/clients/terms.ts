import { stemmer as englishStem } from "@orama/stemmers/english";
import { stemmer as portugueseStem } from "@orama/stemmers/portuguese";
import { stemmer as spanishStem } from "@orama/stemmers/spanish";
import { lightWords, stopWords, type Language } from "./stop-words.ts";

/** A word as it is searched. A light one helps when found and is not missed when absent. */
export type Term = { stem: string; light: boolean };

/** The languages that can be stemmed, searched and answered in. */
export const languages = ["en", "es", "pt"] as const satisfies readonly Language[];

/** Whether a tag is one of ours, to the letter: "es-MX" is not. */
export function isLanguage(tag: string): tag is Language {
  return languages.some((language) => language === tag);
}

/** Lower case without accents or apostrophes: "¿Qué?" and "que" are one word, "don't" is "dont". */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\p{M}'’]/gu, "")
    .toLowerCase();
}

/** The folded words, numbers and emoji of a text, in order. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+|\p{Extended_Pictographic}/gu) ?? [];
}

/** What a text is about: its words without stop words, numbers and emoji, stemmed. */
export function termsOf(text: string, language: Language): Term[] {
  return wordsOf(text)
    .filter((word) => /^\p{L}{2,}$/u.test(word) && !stopWords[language].has(word))
    .map((word) => ({ stem: stems[language](word), light: lightWords[language].has(word) }));
}

// The Iberian stemmers know "-ción", "-áis" and "-ção" only with the accents that people rarely type,
// and give "línea" and "líneas" different stems.
const stems: Record<Language, (word: string) => string> = {
  en: englishStem,
  es: (word) =>
    fold(
      spanishStem(
        singular(word)
          .replace(/([cs])ion$/, "$1ión")
          .replace(/ais$/, "áis")
          .replace(/eis$/, "éis"),
      ),
    ),
  pt: (word) => fold(portugueseStem(singular(word).replace(/cao$/, "ção"))),
};

function singular(word: string): string {
  return word
    .replace(/([cs])iones$/, "$1ion")
    .replace(/coes$/, "cao")
    .replace(/([aeo])s$/, "$1");
}
