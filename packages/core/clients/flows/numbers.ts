import type { Language } from "../stop-words.ts";
import { scan, type Found } from "./scan.ts";

/** Folded words for 1 to 12: what people write out. */
const words: Record<Language, string[][]> = {
  en: ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"].map(
    (word) => [word],
  ),
  es: [
    ["uno", "una", "un"],
    ["dos"],
    ["tres"],
    ["cuatro"],
    ["cinco"],
    ["seis"],
    ["siete"],
    ["ocho"],
    ["nueve"],
    ["diez"],
    ["once"],
    ["doce"],
  ],
  pt: [
    ["um", "uma"],
    ["dois", "duas"],
    ["tres"],
    ["quatro"],
    ["cinco"],
    ["seis"],
    ["sete"],
    ["oito"],
    ["nove"],
    ["dez"],
    ["onze"],
    ["doze"],
  ],
};

/** A number in digits or words, as part of a regular expression without groups. */
export const numberPattern = (language: Language): string =>
  `(?:\\d{1,5}|${words[language].flat().join("|")})`;

export function numberOf(text: string, language: Language): number {
  const place = words[language].findIndex((each) => each.includes(text));
  return place >= 0 ? place + 1 : Number(text);
}

const before: Record<Language, string> = {
  en: "for|were|we are|we will be|party of|make it",
  es: "para|somos|seremos|vamos|iremos|seriamos",
  pt: "para|somos|seremos|vamos",
};

/** How many of something are spoken of: "for four", "4 personas". */
export function findCounts(folded: string, language: Language, units: readonly string[]): Found[] {
  const number = numberPattern(language);
  const unit = units.map(escaped).join("|");
  const means = (match: string[]) => String(numberOf(match[1] ?? "", language));
  return scan(folded, [
    ...(unit === "" ? [] : [{ pattern: new RegExp(`\\b(${number}) (?:${unit})\\b`), means }]),
    { pattern: new RegExp(`\\b(?:${before[language]}) (${number})\\b(?![:.,/]\\d)`), means },
  ]);
}

/** The only number in a text, where that is the answer to a question for one. */
export function findOnlyNumber(folded: string, language: Language): Found[] {
  const found = scan(folded, [
    {
      pattern: new RegExp(`(?<![\\d.,:/-])\\b(${numberPattern(language)})\\b(?![.,:/-]?\\d)`),
      means: (match) => String(numberOf(match[1] ?? "", language)),
    },
  ]);
  return found.length === 1 ? found : [];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
