import type { Say } from "../dialog.ts";
import type { Language } from "../stop-words.ts";
import { sayDate } from "./dates.ts";
import type { Flow, Slot } from "./flow.ts";
import { hoursOn, type Values } from "./read-slots.ts";

type Texts = Partial<Record<Language, string>>;

/** Asks for a slot, or asks again where the answer was no good. */
export function askFor(flow: Flow, slot: Slot, values: Values, language: Language, again: boolean): Say {
  const text = filled(
    slot[again ? "again" : "ask"],
    { ...limitsOf(flow, slot, values), ...spoken(flow, values, language) },
    language,
  );
  if (slot.type !== "choice") return { text };
  return { text, choices: slot.choices.map(({ id, title }) => ({ id, title: title[language] ?? id })) };
}

/** Asks whether all is right. */
export function askToConfirm(flow: Flow, values: Values, language: Language): Say {
  return {
    text: filled(flow.confirm, spoken(flow, values, language), language),
    choices: [
      { id: confirmIds.yes, title: flow.yes[language] ?? "" },
      { id: confirmIds.no, title: flow.no[language] ?? "" },
    ],
  };
}

export const confirmIds = { yes: "dialog-yes", no: "dialog-no" };

/** What is said when it is over. */
export const farewell = (flow: Flow, texts: Texts, values: Values, language: Language): Say => ({
  text: filled(texts, spoken(flow, values, language), language),
});

function filled(texts: Texts, values: Values, language: Language): string {
  return (texts[language] ?? "").replace(
    /\{(\w+)\}/g,
    (placeholder, name: string) => values[name] ?? placeholder,
  );
}

/** The values as people say them. */
function spoken({ slots }: Flow, values: Values, language: Language): Values {
  return Object.fromEntries(
    slots.flatMap((slot) => {
      const value = values[slot.name];
      return value === undefined ? [] : [[slot.name, spokenValue(slot, value, language)]];
    }),
  );
}

function spokenValue(slot: Slot, value: string, language: Language): string {
  if (slot.type === "date") return sayDate(value, language);
  if (slot.type !== "choice") return value;
  return slot.choices.find(({ id }) => id === value)?.title[language] ?? value;
}

function limitsOf(flow: Flow, slot: Slot, values: Values): Values {
  if (slot.type === "number") return { min: String(slot.min), max: String(slot.max) };
  const dateSlot = flow.slots.find(({ type }) => type === "date");
  return slot.type === "time" ? hoursOn(slot, dateSlot && values[dateSlot.name]) : {};
}
