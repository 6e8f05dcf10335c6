import { expect, it } from "vitest";
import { escape, toJson } from "./output.ts";
import { addressOf } from "./resolve-contact.ts";

it.each([
  ["+34 600 00 00 12", { phone: "34600000012" }],
  ["0034-600-000-012", { phone: "34600000012" }],
  ["34600000012", { phone: "34600000012" }],
  ["+44 (0)20 7946 0000", { phone: "442079460000" }],
  ["+1\u00a0(202)\u00a0555\u20110142", { phone: "12025550142" }],
  ["ES.1047ab", { userId: "ES.1047ab" }],
  ["ES.ENT.1047", { userId: "ES.ENT.1047" }],
  ["es.1047", undefined],
  ["1234", undefined],
  ["0600000012", undefined],
  ["Ana", undefined],
  ["", undefined],
])("%j is %j", (text, address) => {
  expect(addressOf(text)).toEqual(address);
});

const nasty = "a\u001b[2J\n\r\t\u0007\u009b31m\u202eb\u2028\ud800é👋🏽";

it("a customer's text cannot drive the terminal", () => {
  expect(escape(nasty)).toBe("a\\u001b[2J\\n\\u000d\\t\\u0007\\u009b31m\\u202eb\\u2028\\ud800é👋🏽");
});

it("JSON is safe to show as well, and says the same", () => {
  expect(toJson({ nasty })).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
  expect(JSON.parse(toJson({ nasty }))).toEqual({ nasty });
});
