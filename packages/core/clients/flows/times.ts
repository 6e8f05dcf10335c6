import type { Language } from "../stop-words.ts";
import { numberOf, numberPattern } from "./numbers.ts";
import { scan, type Found, type Pattern } from "./scan.ts";

/** What a text may mean by a time: two for "at eight", one for "20:00". */
export type Times = string[];

/** The times of day that a folded text speaks of. */
export function findTimes(folded: string, language: Language): Found<Times>[] {
  return scan(folded, patternsOf(language));
}

/** A lone number, where a time was asked for, is an hour. */
export function findHourOnly(folded: string, language: Language): Found<Times>[] {
  const number = numberPattern(language);
  return scan(folded, [
    {
      pattern: new RegExp(`^[^\\d]*?\\b(${number})\\b[^\\d]*$`),
      means: ([, hour = ""]) => times(numberOf(hour, language), 0),
    },
  ]);
}

type Daypart = "am" | "pm";

const dayparts: Record<Language, [RegExp, Daypart][]> = {
  en: [
    [/morning|\ba\.?m/, "am"],
    [/afternoon|evening|night|\bp\.?m/, "pm"],
  ],
  es: [
    [/manana|madrugada|\ba\.?m/, "am"],
    [/tarde|noche|\bp\.?m/, "pm"],
  ],
  pt: [
    [/manha|madrugada|\ba\.?m/, "am"],
    [/tarde|noite|\bp\.?m/, "pm"],
  ],
};
const daypartPattern: Record<Language, string> = {
  en: "(?: ?(a\\.?m\\b|p\\.?m\\b|in the (?:morning|afternoon|evening)|at night))?",
  es: "(?: ?(a\\.?m\\b|p\\.?m\\b|(?:de|por) la (?:manana|madrugada|tarde|noche)))?",
  pt: "(?: ?(a\\.?m\\b|p\\.?m\\b|da (?:manha|madrugada|tarde|noite)))?",
};
/** What stands before an hour, so that a number is one. */
const at: Record<Language, string> = {
  en: "at|around|about|by|from",
  es: "a las?|sobre las?|hacia las?|para las?|mejor a las?|las",
  pt: "as|pelas|por volta das",
};
const past: Record<Language, [RegExp, number][]> = {
  en: [],
  es: [
    [/y media/, 30],
    [/y cuarto/, 15],
    [/menos cuarto/, -15],
  ],
  pt: [
    [/e meia/, 30],
    [/e quinze/, 15],
  ],
};

function patternsOf(language: Language): Pattern<Times>[] {
  const number = numberPattern(language);
  const part = daypartPattern[language];
  const after = past[language].map(([pattern]) => pattern.source).join("|") || "(?!)";
  const hourOf = (text = "") => numberOf(text, language);
  const partOf = (text = "") => dayparts[language].find(([pattern]) => pattern.test(text))?.[1];
  const minutesOf = (text = "") => past[language].find(([pattern]) => pattern.test(text))?.[1] ?? 0;
  return [
    {
      pattern: new RegExp(`\\b(\\d{1,2})[:.h](\\d\\d)(?: ?h(?:rs|s)?\\b)?${part}(?![\\d/])`),
      means: ([, hour = "", minutes, said]) =>
        times(Number(hour), Number(minutes), partOf(said), hour.startsWith("0")),
    },
    ...(language === "en" ? englishPatterns(number, part, hourOf, partOf) : []),
    {
      pattern: new RegExp(
        `\\b(?:${at[language]}) (${number})(?: (${after}))?(?: en punto| ?h(?:oras)?\\b)?${part}`,
      ),
      means: ([, hour, minutes, said]) => times(hourOf(hour), minutesOf(minutes), partOf(said)),
    },
    {
      pattern: new RegExp(`\\b(${number}) (${after})${part}`),
      means: ([, hour, minutes, said]) => times(hourOf(hour), minutesOf(minutes), partOf(said)),
    },
    {
      pattern: new RegExp(`\\b(${number})${part.replace(/\?$/, "")}`),
      means: ([, hour, said]) => times(hourOf(hour), 0, partOf(said)),
    },
    { pattern: /\b(\d{1,2}) ?(?:h|hs|hrs|horas)\b/, means: ([, hour]) => times(Number(hour), 0) },
  ];
}

function englishPatterns(
  number: string,
  part: string,
  hourOf: (text?: string) => number,
  partOf: (text?: string) => Daypart | undefined,
): Pattern<Times>[] {
  return [
    { pattern: /\b(?:noon|midday)\b/, means: () => ["12:00"] },
    {
      pattern: new RegExp(`\\b(half past|quarter past|quarter to) (${number})${part}`),
      means: ([, shift = "", hour, said]) =>
        times(hourOf(hour), shift === "half past" ? 30 : shift === "quarter past" ? 15 : -15, partOf(said)),
    },
    {
      pattern: new RegExp(`\\b(${number}) oclock${part}`),
      means: ([, hour, said]) => times(hourOf(hour), 0, partOf(said)),
    },
  ];
}

/** Undefined for 25:00. From 1 to 12 an hour may be of the morning or not, unless that is said or it begins with 0. */
function times(hour: number, minutes: number, part?: Daypart, isOf24 = false): Times | undefined {
  if (!Number.isInteger(hour) || hour > 23 || minutes > 59) return undefined;
  const total = hour * 60 + minutes;
  if (hour > 12 || hour === 0 || isOf24) return [clock(total)];
  const morning = hour === 12 ? total - 720 : total;
  if (part === "am") return [clock(morning)];
  if (part === "pm") return [clock(morning + 720)];
  return [clock(morning), clock(morning + 720)];
}

/** "08:30" of 510 minutes, and of -930. */
function clock(minutes: number): string {
  const ofDay = (minutes + 1_440) % 1_440;
  return `${String(Math.floor(ofDay / 60)).padStart(2, "0")}:${String(ofDay % 60).padStart(2, "0")}`;
}
