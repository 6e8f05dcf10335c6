/** When the business is open: a calculation that a model should not do in its head. */
import * as z from "zod";
import { readSettingFile } from "#core/clients/setting-file.ts";
import { isTimeZone } from "#core/clients/time-zone.ts";
import { tool, type Tool } from "./tool.ts";

const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "expected a time such as 09:30");
const spans = z
  .array(
    z.tuple([clockTime, clockTime]).refine(([from, to]) => from < to, "expected an end after the beginning"),
  )
  .max(5);
const date = z.iso.date();

export const OpeningHours = z.strictObject({
  /** IANA, such as Europe/Madrid. */
  timeZone: z.string().refine(isTimeZone, "expected a time zone such as Europe/Madrid"),
  /** A day that is missing is a day off. */
  week: z.partialRecord(z.enum(days), spans),
  /** Dates that are different, by ISO date: holidays are []. */
  exceptions: z.record(date, spans).default({}),
});
export type OpeningHours = z.infer<typeof OpeningHours>;

/** Undefined without a file. Throws a `SettingFileError`. */
export const loadOpeningHours = async (file: string): Promise<OpeningHours | undefined> =>
  file === "" ? undefined : readSettingFile("HILO_OPENING_HOURS", file, OpeningHours);

export const openingHoursTool = (hours: OpeningHours, clock: () => Date): Tool =>
  tool({
    policy: { name: "opening-hours", effect: "reads" },
    description: "When the business is open: now, and on a date (ISO, today without one).",
    schema: z.strictObject({ date: date.optional() }),
    run: async ({ date: asked }) => {
      const now = nowIn(hours.timeZone, clock());
      const today = hoursOn(hours, now.date);
      return {
        now: `${now.date} ${now.time}`,
        openNow: today.some(([from, to]) => from <= now.time && now.time < to),
        date: asked ?? now.date,
        hours: hoursOn(hours, asked ?? now.date).map(([from, to]) => `${from}-${to}`),
      };
    },
  });

const hoursOn = ({ week, exceptions }: OpeningHours, on: string): [string, string][] =>
  exceptions[on] ?? week[days[new Date(`${on}T00:00:00Z`).getUTCDay()] ?? "sunday"] ?? [];

/** The date and time on the business's wall. */
const nowIn = (timeZone: string, at: Date): { date: string; time: string } => {
  // Sweden writes dates as ISO does
  const [on = "", time = ""] = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  })
    .format(at)
    .split(" ");
  return { date: on, time };
};
