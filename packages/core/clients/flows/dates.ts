import type { Language } from "../stop-words.ts";
import { scan, type Found, type Pattern } from "./scan.ts";

/** A calendar date, "2026-11-23". */
export type IsoDate = string;

/** The date and the time of day of an instant somewhere. */
export function localNow(at: string, timeZone: string): { date: IsoDate; time: string } {
  // Sweden writes dates as ISO does
  const [date = "", time = ""] = new Intl.DateTimeFormat("sv", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  })
    .format(new Date(at))
    .split(" ");
  return { date, time };
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (date: IsoDate): number => new Date(date).getUTCDay() || 7;

/** "Saturday, 28 November". */
export const sayDate = (date: IsoDate, language: Language): string =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(date));

/**
 * The dates that a folded text speaks of. Without a year it is the next such day; a weekday is the next one after
 * today. English "3/4" is no date, for one half of its readers means the other.
 */
export function findDates(folded: string, language: Language, today: IsoDate): Found[] {
  return scan(folded, patternsOf(language, today));
}

/** A lone number, where a date was asked for, is a day of the month. */
export function findDayOnly(folded: string, today: IsoDate): Found[] {
  return scan(folded, [
    { pattern: /^\D*\b(\d{1,2})\b\D*$/, means: ([, day = ""]) => nextDayOfMonth(today, Number(day)) },
  ]);
}

const months: Record<Language, string> = {
  en: "january|february|march|april|may|june|july|august|september|october|november|december",
  es: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
  pt: "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
};
const weekdays: Record<Language, string> = {
  en: "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
  es: "lunes|martes|miercoles|jueves|viernes|sabado|domingo",
  pt: "segunda|terca|quarta|quinta|sexta|sabado|domingo",
};
/** Days from today, the longer phrase first. */
const relative: Record<Language, Pattern<number>[]> = {
  en: [
    { pattern: /\b(?:the )?day after tomorrow\b/, means: () => 2 },
    { pattern: /\b(?:tomorrow|tmrw|tmr)\b/, means: () => 1 },
    { pattern: /\b(?:today|tonight|this (?:morning|afternoon|evening))\b/, means: () => 0 },
  ],
  es: [
    { pattern: /\bpasado manana\b/, means: () => 2 },
    { pattern: /(?<!\b(?:la|esta) )\bmanana\b/, means: () => 1 },
    { pattern: /\b(?:hoy|esta (?:noche|tarde|manana))\b/, means: () => 0 },
  ],
  pt: [
    { pattern: /\bdepois de amanha\b/, means: () => 2 },
    { pattern: /\bamanha\b/, means: () => 1 },
    { pattern: /\b(?:hoje|esta (?:noite|tarde|manha))\b/, means: () => 0 },
  ],
};
const dayOnly: Record<Language, RegExp> = {
  en: /\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b/,
  es: /\b(?:el dia|el|dia) (\d{1,2})\b(?![:.]\d)/,
  pt: /\b(?:no dia|dia) (\d{1,2})\b(?![:.]\d)/,
};

function patternsOf(language: Language, today: IsoDate): Pattern[] {
  // the first three letters will do for a month beside a day, and so they will for English weekdays but "sun"
  const month = months[language]
    .split("|")
    .map((name) => `${name}|${name.slice(0, 3)}`)
    .join("|");
  const weekday = weekdays[language];
  const monthOf = (name: string) => indexOf(months[language], name);
  const dated = (day: string, name: string, year: string) => placed(today, Number(day), monthOf(name), year);
  return [
    {
      pattern: /\b(\d{4})-(\d\d)-(\d\d)\b/,
      means: ([, year = "", monthNumber, day]) => placed(today, Number(day), Number(monthNumber), year),
    },
    {
      pattern: /\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)\b/,
      means: ([, day, monthNumber, year = ""]) =>
        numeric(today, language, Number(day), Number(monthNumber), year),
    },
    {
      pattern: /\b(\d{1,2})\/(\d{1,2})\b(?!\/)/,
      means: ([, day, monthNumber]) => numeric(today, language, Number(day), Number(monthNumber), ""),
    },
    {
      pattern: new RegExp(
        `\\b(\\d{1,2})(?:st|nd|rd|th)? (?:de |of )?(${month})\\b(?:,? (?:del? )?(\\d{4}))?`,
      ),
      means: ([, day = "", name = "", year = ""]) => dated(day, name, year),
    },
    {
      pattern: new RegExp(`\\b(${month}) (?:the )?(\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?(?![:.]\\d)`),
      means: ([, name = "", day = "", year = ""]) => (language === "en" ? dated(day, name, year) : undefined),
    },
    {
      pattern: new RegExp(
        `\\b(${weekday})(?:-feira)?,? (?:dia |the )?(\\d{1,2})(?:st|nd|rd|th)?\\b(?![:.]\\d)`,
      ),
      means: ([, name = "", day]) => bothAre(today, indexOf(weekday, name), Number(day)),
    },
    { pattern: dayOnly[language], means: ([, day]) => nextDayOfMonth(today, Number(day)) },
    ...relative[language].map(({ pattern, means }) => ({
      pattern,
      means: (match: string[]) => addDays(today, means(match) ?? 0),
    })),
    {
      pattern: new RegExp(`\\b(${weekday})(?:-feira)?\\b`),
      means: ([, name = ""]) => nextWeekday(today, indexOf(weekday, name)),
    },
  ];
}

/** 1 for the first of the alternatives, whole or by its first three letters. */
const indexOf = (alternatives: string, name: string): number =>
  alternatives.split("|").findIndex((each) => each === name || each.slice(0, 3) === name) + 1;

function numeric(
  today: IsoDate,
  language: Language,
  first: number,
  second: number,
  year: string,
): IsoDate | undefined {
  if (language !== "en") return placed(today, first, second, year);
  if (first > 12) return placed(today, first, second, year);
  return second > 12 || first === second ? placed(today, second, first, year) : undefined;
}

/** Undefined for 31 February. Without a year, the next one. */
function placed(today: IsoDate, day: number, month: number, year: string): IsoDate | undefined {
  if (year !== "") return dateOf(year.length === 2 ? 2000 + Number(year) : Number(year), month, day);
  const thisYear = Number(today.slice(0, 4));
  const date = dateOf(thisYear, month, day);
  return date !== undefined && date >= today ? date : dateOf(thisYear + 1, month, day);
}

function dateOf(year: number, month: number, day: number): IsoDate | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}

function nextDayOfMonth(today: IsoDate, day: number): IsoDate | undefined {
  if (day < 1 || day > 31) return undefined;
  return upcoming(today).find((date) => Number(date.slice(8)) === day);
}

const nextWeekday = (today: IsoDate, weekday: number): IsoDate =>
  addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1);

/** "Saturday 28" in the next two months, if there is such a day. */
const bothAre = (today: IsoDate, weekday: number, day: number): IsoDate | undefined =>
  upcoming(today).find((date) => weekdayOf(date) === weekday && Number(date.slice(8)) === day);

const upcoming = (today: IsoDate): IsoDate[] => Array.from({ length: 62 }, (_, days) => addDays(today, days));
