import type { Language } from "../stop-words.ts";
import { fold, wordsOf } from "../terms.ts";
import { addDays, findDates, findDayOnly, localNow, weekdayOf } from "./dates.ts";
import type { Flow, Slot } from "./flow.ts";
import { findCounts, findOnlyNumber } from "./numbers.ts";
import { without, type Found } from "./scan.ts";
import { findHourOnly, findTimes, type Times } from "./times.ts";

/** What was agreed on so far, by slot: dates as 2026-11-28, times as 20:30, choices by id. */
export type Values = Readonly<Record<string, string>>;

export type Heard = {
  text: string;
  /** The id of a choice that was tapped. */
  choice?: string | undefined;
  language: Language;
  at: string;
  /** The slot that was asked for: a lone "4" answers it, and so does a name. */
  asked?: string | undefined;
};

/** What a text says of the flow's slots, right or not: `allowed` tells. Nothing is guessed. */
export function readSlots(flow: Flow, heard: Heard): Values {
  const { date: today } = localNow(heard.at, flow.timeZone);
  const folded = fold(heard.text).replace(/\s+/g, " ").trim();
  const dates = findDates(folded, heard.language, today);
  const times = findTimes(without(folded, dates), heard.language);
  const rest = without(folded, [...dates, ...times]);
  const uncounted = without(rest, countsIn(flow, rest, heard.language));
  const asked = flow.slots.find((slot) => slot.name === heard.asked);
  // somebody may be called Domingo, or April
  if (asked?.type === "text" && !isChange(folded)) return textOnly(asked, heard.text);
  const read = flow.slots.flatMap((slot): [string, string | undefined][] => {
    if (!isMeant(flow, slot, asked)) return [];
    switch (slot.type) {
      case "date":
        return [
          [slot.name, lastOf(dates) ?? (slot === asked ? lastOf(findDayOnly(uncounted, today)) : undefined)],
        ];
      case "time":
        return [
          [
            slot.name,
            timeIn(slot, times.at(-1) ?? hourOnly(uncounted, heard, slot === asked), flow, dates, heard),
          ],
        ];
      case "number":
        return [[slot.name, countIn(slot, rest, heard, slot === asked)]];
      case "choice":
        return [[slot.name, choiceIn(slot, heard)]];
      case "text":
        return [];
    }
  });
  return Object.fromEntries(read.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function textOnly({ name }: Slot, said: string): Values {
  const text = textIn(said);
  return text === undefined ? {} : { [name]: text };
}

/** Where a name was asked for, this speaks of something that was said before. */
const isChange = (folded: string): boolean =>
  /\d|\b(?:better|rather|instead|actually|make it|change|sorry|wait|mejor|cambia|cambiar|en vez|que sea|perdon|espera|melhor|muda|mudar)\b/.test(
    folded,
  );

/** Of two slots of one type, only the one that was asked for is spoken of. */
function isMeant({ slots }: Flow, slot: Slot, asked: Slot | undefined): boolean {
  return asked?.type === slot.type ? slot === asked : slots.find(({ type }) => type === slot.type) === slot;
}

/** "Not Friday, Sunday": what comes last counts. */
const lastOf = (found: readonly Found[]): string | undefined => found.at(-1)?.value;

/** "5 people" is no hour. */
const countsIn = ({ slots }: Flow, rest: string, language: Language): Found[] =>
  slots.flatMap((slot) =>
    slot.type === "number" ? findCounts(rest, language, unitsOf(slot, language)) : [],
  );

const unitsOf = ({ units }: Slot & { type: "number" }, language: Language): string[] =>
  (units[language] ?? []).map(fold);

function hourOnly(rest: string, { language }: Heard, isAsked: boolean): Found<Times> | undefined {
  return isAsked ? findHourOnly(rest, language)[0] : undefined;
}

/** "At eight" is whichever of the two is within the hours; where both or none are, it stays unsaid. */
function timeIn(
  slot: Slot & { type: "time" },
  found: Found<Times> | undefined,
  flow: Flow,
  dates: readonly Found[],
  { at }: Heard,
): string | undefined {
  if (found === undefined || found.value.length === 1) return found?.value[0];
  const date = lastOf(dates) ?? localNow(at, flow.timeZone).date;
  const { from, to } = dates.length > 0 ? hoursOn(slot, date) : slot;
  const possible = found.value.filter((time) => time >= from && time <= to);
  return possible.length === 1 ? possible[0] : undefined;
}

function countIn(
  slot: Slot & { type: "number" },
  rest: string,
  { language }: Heard,
  isAsked: boolean,
): string | undefined {
  const counted = findCounts(rest, language, unitsOf(slot, language));
  return lastOf(counted) ?? (isAsked ? lastOf(findOnlyNumber(rest, language)) : undefined);
}

function choiceIn(
  { choices }: Slot & { type: "choice" },
  { text, choice, language }: Heard,
): string | undefined {
  if (choices.some(({ id }) => id === choice)) return choice;
  const words = ` ${wordsOf(text).join(" ")} `;
  const named = choices.filter(({ title, also }) =>
    [title[language] ?? "", ...(also[language] ?? [])].some(
      (phrase) => phrase !== "" && words.includes(` ${wordsOf(phrase).join(" ")} `),
    ),
  );
  return named.length === 1 ? named[0]?.id : undefined;
}

/** "My name is Ana" is Ana; a question is no answer. */
function textIn(text: string): string | undefined {
  const said = text.replace(/\s+/g, " ").trim();
  if (/[?¿]/.test(said) || !/\p{L}/u.test(said)) return undefined;
  const bare = said.replace(introductions, "").replace(/[.!,;]+$/, "");
  return bare === "" ? said : bare;
}

const introductions =
  /^(?:my name is|it's|its|i'm|i am|under|me llamo|a nombre de|soy|ponlo a nombre de|o meu nome é|meu nome é|em nome de|sou)\s+/i;

/** Those of a date's day of the week, where it has its own. */
export function hoursOn(
  slot: Slot & { type: "time" },
  date: string | undefined,
): { from: string; to: string } {
  const key = date === undefined ? "" : String(weekdayOf(date));
  const own = Object.entries(slot.on).find(([day]) => day === key)?.[1];
  return own ?? { from: slot.from, to: slot.to };
}

/** The values that the flow allows, each given the others: an hour on a Sunday may be none. */
export function allowed(flow: Flow, values: Values, at: string): Values {
  const now = localNow(at, flow.timeZone);
  const dateSlot = flow.slots.find(({ type }) => type === "date");
  const date = dateSlot && values[dateSlot.name];
  return Object.fromEntries(
    flow.slots.flatMap((slot) => {
      const value = values[slot.name];
      return value !== undefined && isAllowed(slot, value, date, now, flow, at) ? [[slot.name, value]] : [];
    }),
  );
}

function isAllowed(
  slot: Slot,
  value: string,
  date: string | undefined,
  now: { date: string; time: string },
  { timeZone }: Flow,
  at: string,
): boolean {
  switch (slot.type) {
    case "date":
      return value >= now.date && value <= addDays(now.date, slot.withinDays);
    case "time": {
      const { from, to } = hoursOn(slot, date);
      const earliest = localNow(
        new Date(Date.parse(at) + slot.noticeMinutes * 60_000).toISOString(),
        timeZone,
      );
      const isLate = date !== undefined && `${date} ${value}` < `${earliest.date} ${earliest.time}`;
      return value >= from && value <= to && !isLate;
    }
    case "number":
      return Number(value) >= slot.min && Number(value) <= slot.max;
    case "choice":
      return slot.choices.some(({ id }) => id === value);
    case "text":
      return value.length <= slot.charactersMax;
  }
}
