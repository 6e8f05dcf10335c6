import { describe, expect, it } from "vitest";
import { fold } from "../terms.ts";
import { findDates, localNow } from "./dates.ts";
import { findCounts, findOnlyNumber } from "./numbers.ts";
import { findTimes } from "./times.ts";

/** A Monday. */
const today = "2026-11-23";

describe("a date", () => {
  it.each([
    ["en", "tomorrow please", ["2026-11-24"]],
    ["en", "the day after tomorrow", ["2026-11-25"]],
    ["en", "tonight", ["2026-11-23"]],
    ["en", "this Saturday", ["2026-11-28"]],
    ["en", "on Monday", ["2026-11-30"]],
    ["en", "Saturday the 28th", ["2026-11-28"]],
    ["en", "December 5th", ["2026-12-05"]],
    ["en", "5 dec", ["2026-12-05"]],
    ["en", "the 5th of January", ["2027-01-05"]],
    ["en", "the 25th", ["2026-11-25"]],
    ["en", "the 3rd", ["2026-12-03"]],
    ["en", "2026-12-24", ["2026-12-24"]],
    ["en", "25/12", ["2026-12-25"]],
    ["en", "12/25", ["2026-12-25"]],
    ["en", "3/4", []],
    ["en", "31 February", []],
    ["en", "not Friday, Sunday", ["2026-11-27", "2026-11-29"]],
    ["es", "mañana por la mañana", ["2026-11-24"]],
    ["es", "el sábado por la mañana", ["2026-11-28"]],
    ["es", "pasado mañana", ["2026-11-25"]],
    ["es", "esta noche", ["2026-11-23"]],
    ["es", "el 5 de diciembre", ["2026-12-05"]],
    ["es", "para el 5", ["2026-12-05"]],
    ["es", "sábado 28", ["2026-11-28"]],
    ["es", "sábado 9", ["2027-01-09"]],
    ["es", "3/4", ["2027-04-03"]],
    ["es", "24-12-26", ["2026-12-24"]],
    ["es", "30 de febrero", []],
    ["es", "el lunes", ["2026-11-30"]],
    ["pt", "amanhã de manhã", ["2026-11-24"]],
    ["pt", "sexta-feira", ["2026-11-27"]],
    ["pt", "dia 5 de março", ["2027-03-05"]],
    ["en", "in 20.30 minutes", []],
  ] as const)("in %s: %s is %j", (language, text, dates) => {
    expect(findDates(fold(text), language, today).map(({ value }) => value)).toEqual(dates);
  });

  it("is that of the place, not of Greenwich", () => {
    expect(localNow("2026-11-23T23:30:00.000Z", "Europe/Madrid")).toEqual({
      date: "2026-11-24",
      time: "00:30",
    });
  });
});

describe("a time", () => {
  it.each([
    ["en", "at 8", [["08:00", "20:00"]]],
    ["en", "8pm", [["20:00"]]],
    ["en", "8:30 a.m.", [["08:30"]]],
    ["en", "at eight in the evening", [["20:00"]]],
    ["en", "half past seven", [["07:30", "19:30"]]],
    ["en", "quarter to 9 pm", [["20:45"]]],
    ["en", "noon", [["12:00"]]],
    ["en", "12 am", [["00:00"]]],
    ["en", "5 o'clock", [["05:00", "17:00"]]],
    ["en", "13:15", [["13:15"]]],
    ["en", "for 4 people", []],
    ["es", "a las 8", [["08:00", "20:00"]]],
    ["es", "a las ocho y media", [["08:30", "20:30"]]],
    ["es", "a las 9 menos cuarto de la noche", [["20:45"]]],
    ["es", "20.30", [["20:30"]]],
    ["es", "a la una", [["01:00", "13:00"]]],
    ["es", "20h", [["20:00"]]],
    ["es", "08:30", [["08:30"]]],
    ["es", "8:30", [["08:30", "20:30"]]],
    ["es", "a las 25", []],
    ["es", "10:75", []],
    ["es", "5 de la tarde", [["17:00"]]],
    ["es", "el 5 de diciembre", []],
    ["pt", "às 8 da noite", [["20:00"]]],
    ["pt", "às sete e meia", [["07:30", "19:30"]]],
  ] as const)("in %s: %s is %j", (language, text, times) => {
    expect(findTimes(fold(text), language).map(({ value }) => value)).toEqual(times);
  });
});

describe("a number", () => {
  it.each([
    ["en", "a table for four", ["4"]],
    ["en", "we're 6", ["6"]],
    ["en", "3 people", ["3"]],
    ["en", "for 20:30", []],
    ["es", "somos cuatro", ["4"]],
    ["es", "para 2 personas", ["2"]],
    ["es", "para las 9", []],
  ] as const)("in %s: %s counts %j", (language, text, numbers) => {
    const units = { en: ["people"], es: ["personas"] }[language];
    expect(findCounts(fold(text), language, units).map(({ value }) => value)).toEqual(numbers);
  });

  it.each([
    ["4", ["4"]],
    ["seremos cuatro", ["4"]],
    ["4 o 5", []],
    ["a las 20:30", []],
    ["muchos", []],
  ])("asked for: %s is %j", (text, numbers) => {
    expect(findOnlyNumber(fold(text), "es").map(({ value }) => value)).toEqual(numbers);
  });
});
