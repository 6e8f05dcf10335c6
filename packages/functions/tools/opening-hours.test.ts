import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "#core/testing/temporary.ts";
import { loadOpeningHours, OpeningHours, openingHoursTool } from "./opening-hours.ts";

const hours = OpeningHours.parse({
  timeZone: "Europe/Madrid",
  week: {
    monday: [
      ["09:00", "13:00"],
      ["17:00", "24:00"],
    ],
  },
  exceptions: { "2026-11-30": [["10:00", "11:00"]], "2026-12-07": [] },
});

const at = async (instant: string, given: object = {}) =>
  openingHoursTool(hours, () => new Date(instant))
    .prepare(given)
    ?.run({ scope: {}, timeoutMs: 1 });

describe("the opening hours, on the business's clock", () => {
  it.each([
    ["2026-11-23T07:59:59Z", "2026-11-23 08:59", false],
    ["2026-11-23T08:00:00Z", "2026-11-23 09:00", true],
    ["2026-11-23T12:00:00Z", "2026-11-23 13:00", false],
    ["2026-11-23T22:59:00Z", "2026-11-23 23:59", true],
    ["2026-11-23T23:00:00Z", "2026-11-24 00:00", false],
    ["2026-11-22T23:00:00Z", "2026-11-23 00:00", false],
    // summer time, an hour more
    ["2026-07-06T07:00:00Z", "2026-07-06 09:00", true],
    ["2026-11-30T08:30:00Z", "2026-11-30 09:30", false],
    ["2026-11-30T09:30:00Z", "2026-11-30 10:30", true],
    ["2026-12-07T09:30:00Z", "2026-12-07 10:30", false],
  ])("at %s it is %s, open: %s", async (instant, now, openNow) => {
    expect(await at(instant)).toMatchObject({ now, openNow });
  });

  it("are those of the date that is asked for", async () => {
    expect(await at("2026-11-22T10:00:00Z", { date: "2026-11-30" })).toMatchObject({
      hours: ["10:00-11:00"],
    });
    expect(await at("2026-11-22T10:00:00Z", { date: "2026-11-24" })).toMatchObject({ hours: [] });
    expect(openingHoursTool(hours, () => new Date()).prepare({ date: "tomorrow" })).toBeUndefined();
  });
});

describe("a file of opening hours", () => {
  const file = (text: string): string => {
    const path = join(temporaryFolder(), "hours.json");
    writeFileSync(path, text);
    return path;
  };

  it("is read, and is none when none is named", async () => {
    expect(await loadOpeningHours(file('{"timeZone":"UTC","week":{}}'))).toEqual({
      timeZone: "UTC",
      week: {},
      exceptions: {},
    });
    expect(await loadOpeningHours("")).toBeUndefined();
  });

  it.each([
    ["no JSON", "{", "is not JSON"],
    ["an unknown time zone", '{"timeZone":"Mars/Phobos","week":{}}', "timeZone"],
    ["an unknown day", '{"timeZone":"UTC","week":{"mon":[]}}', "week"],
    [
      "an end before the beginning",
      '{"timeZone":"UTC","week":{"monday":[["10:00","09:00"]]}}',
      "week.monday",
    ],
    ["a time that is none", '{"timeZone":"UTC","week":{"monday":[["9","10:00"]]}}', "week.monday"],
  ])("with %s says so, by the setting's name", async (_, text, problem) => {
    const loading = loadOpeningHours(file(text));
    await expect(loading).rejects.toThrow("HILO_OPENING_HOURS");
    await expect(loading).rejects.toThrow(problem);
  });

  it("that is not there is a problem, too", async () => {
    await expect(loadOpeningHours("/nowhere/hours.json")).rejects.toThrow("there is no file");
  });
});
