import { expect, it } from "vitest";
import { isTimeZone } from "./time-zone.ts";

it.each([
  ["Europe/Madrid", true],
  ["UTC", true],
  ["US/Pacific", true],
  ["europe/madrid", true],
  ["Europe/Nowhere", false],
  ["", false],
])("%j: %j", (name, is) => {
  expect(isTimeZone(name)).toBe(is);
});

it("accepts what times can be told in, and nothing else", () => {
  for (const name of Intl.supportedValuesOf("timeZone"))
    expect(() => new Intl.DateTimeFormat("en", { timeZone: name })).not.toThrow();
});
