import * as z from "zod";
import { languages } from "../terms.ts";
import { isTimeZone } from "../time-zone.ts";

const language = z.enum(languages);
const text = z.string().min(1).max(900);
/** By language. */
const texts = z.partialRecord(language, text);
const phrases = z.partialRecord(language, z.array(z.string().min(2).max(60)).max(40));
const name = z.string().regex(/^[a-z][a-zA-Z0-9]{0,31}$/, "expected a short name such as guests");
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 08:30");
const hours = z.strictObject({ from: time, to: time });

const asked = {
  name,
  /** What asks for it, and what does when the answer was no good. They may hold `{from}`, `{to}`, `{min}`, `{max}`. */
  ask: texts,
  again: texts,
};

export const Slot = z.discriminatedUnion("type", [
  z.strictObject({ ...asked, type: z.literal("date"), withinDays: z.int().min(1).max(730).default(90) }),
  z.strictObject({
    ...asked,
    type: z.literal("time"),
    ...hours.shape,
    /** Other hours on some days of the week, 1 (Monday) to 7, of the flow's date. */
    on: z.partialRecord(z.enum(["1", "2", "3", "4", "5", "6", "7"]), hours).default({}),
    /** How long before at least. */
    noticeMinutes: z.int().min(0).default(0),
  }),
  z.strictObject({
    ...asked,
    type: z.literal("number"),
    min: z.int().default(1),
    max: z.int().max(100_000),
    /** What is counted, as customers call it: "people", "personas". */
    units: phrases.default({}),
  }),
  z.strictObject({
    ...asked,
    type: z.literal("choice"),
    choices: z
      .array(
        z.strictObject({
          id: name,
          title: z.partialRecord(language, z.string().min(1).max(20)),
          /** Other words that mean it. */
          also: phrases.default({}),
        }),
      )
      .min(2)
      .max(10),
  }),
  z.strictObject({ ...asked, type: z.literal("text"), charactersMax: z.int().min(1).max(500).default(60) }),
]);
export type Slot = z.infer<typeof Slot>;

/** A structured dialog, as a file of `HILO_FLOWS` has it. */
export const Flow = z
  .strictObject({
    name,
    /** Where its dates and times are. */
    timeZone: z.string().refine(isTimeZone, "expected a time zone such as Europe/Madrid"),
    /** What begins it, unless there is a phrase of `unless` beside it. Its languages are the flow's. */
    triggers: phrases,
    unless: phrases.default({}),
    cancel: phrases,
    slots: z.array(Slot).min(1).max(20),
    /** Asks for a yes, with `{slot}` for each value. */
    confirm: texts,
    yes: z.partialRecord(language, z.string().min(1).max(20)),
    no: z.partialRecord(language, z.string().min(1).max(20)),
    /** What is said at the end. */
    fulfilled: texts,
    declined: texts,
    cancelled: texts,
    failed: texts,
  })
  .superRefine((flow, context) => {
    const languages = Object.keys(flow.triggers);
    if (languages.length === 0)
      context.addIssue({ code: "custom", path: ["triggers"], message: "has no language" });
    for (const { path, lacks } of incomplete(flow, languages))
      context.addIssue({ code: "custom", path, message: `has no text in ${lacks}` });
    const names = flow.slots.map((slot) => slot.name);
    if (new Set(names).size < names.length)
      context.addIssue({ code: "custom", path: ["slots"], message: "two slots have the same name" });
  });
export type Flow = z.infer<typeof Flow>;

type Texts = Partial<Record<z.infer<typeof language>, unknown>>;

/** Where a customer would be told nothing. */
function incomplete(flow: z.input<typeof Flow>, languages: string[]): { path: string[]; lacks: string }[] {
  const { confirm, yes, no, fulfilled, declined, cancelled, failed, cancel } = flow;
  const said: [string, Texts][] = [
    ...Object.entries({ confirm, yes, no, fulfilled, declined, cancelled, failed, cancel }),
    ...flow.slots.flatMap((slot): [string, Texts][] => [
      [`slots.${slot.name}.ask`, slot.ask],
      [`slots.${slot.name}.again`, slot.again],
      ...(slot.type === "choice"
        ? slot.choices.map(({ id, title }): [string, Texts] => [`slots.${slot.name}.${id}.title`, title])
        : []),
    ]),
  ];
  return said.flatMap(([path, each]) =>
    languages.filter((tag) => !(tag in each)).map((lacks) => ({ path: path.split("."), lacks })),
  );
}
