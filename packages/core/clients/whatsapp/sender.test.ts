import { describe, expect, test } from "vitest";
import { messagesWebhook, testIds } from "../../testing/whatsapp.ts";
import { phoneOf, userIdOf } from "./sender.ts";
import { parseWebhook } from "./webhook.ts";

const text = { type: "text", text: { body: "Hi" } };
const sendersOf = (messages: object[], contacts?: object[]) =>
  parseWebhook(
    messagesWebhook(
      messages.map((message, n) => ({ id: `w${n}`, ...text, ...message })),
      contacts,
    ),
    testIds,
  ).map((update) => (update.kind === "message" ? update.sender : update.kind));

describe("names", () => {
  test.each([
    ["15550100301", "15550100301"],
    ["+1 (555) 010-0301", "15550100301"],
    [15550100301, "15550100301"],
    ["<WHATSAPP_USER_PHONE_NUMBER>", undefined],
    ["1234", undefined],
    ["1".repeat(21), undefined],
    ["١٢٣٤٥٦٧", undefined],
    ["", undefined],
    [null, undefined],
    [1.5, undefined],
  ])("the phone %j is %j", (value, phone) => {
    expect(phoneOf(value)).toBe(phone);
  });

  test.each([
    ["PE.90000000000000000301", true],
    ["US.ENT.8000301", true],
    ["a form of next year", false],
    ["a-form-of-next-year", true],
    ["<BSUID>", false],
    ["x".repeat(161), false],
    ["", false],
    [7, false],
  ])("the user id %j is taken: %j", (value, taken) => {
    expect(userIdOf(value)).toBe(taken ? value : undefined);
  });
});

describe("F39: a sender", () => {
  test("without a phone is known by a user id", () => {
    expect(
      sendersOf([{ from_user_id: "PE.1" }], [{ user_id: "PE.1", profile: { name: "Ana", username: "ana" } }]),
    ).toEqual([{ userId: "PE.1", name: "Ana", username: "ana" }]);
  });

  test("whose user id stands in the phone's place is taken for what it is", () => {
    expect(sendersOf([{ from: "PE.1" }])).toEqual([{ userId: "PE.1" }]);
  });

  test("gains from its contact what the message leaves out", () => {
    expect(
      sendersOf(
        [{ from: "15550100301" }],
        [{ wa_id: "15550100301", user_id: "PE.1", parent_user_id: "PE.ENT.1" }],
      ),
    ).toEqual([{ phone: "15550100301", userId: "PE.1", parentUserId: "PE.ENT.1" }]);
  });

  test("gains nothing from somebody else's contact", () => {
    expect(
      sendersOf([{ from: "15550100301" }], [{ wa_id: "15550100302", profile: { name: "Luis" } }]),
    ).toEqual([{ phone: "15550100301" }]);
  });

  test("who shares a phone with a contact of another user id is not that contact", () => {
    const contacts = [{ wa_id: "15550100301", user_id: "PE.2", profile: { name: "The new owner" } }];
    expect(sendersOf([{ from: "15550100301", from_user_id: "PE.1" }], contacts)).toEqual([
      { phone: "15550100301", userId: "PE.1" },
    ]);
  });
});

describe("a sender whose name can't be read", () => {
  const ana = { wa_id: "15550100301", user_id: "PE.1" };
  const known = { phone: "15550100301", userId: "PE.1" };

  test("is the only contact, when nobody else wrote", () => {
    expect(sendersOf([{ from: "<PHONE>" }, { from: "<PHONE>" }], [ana])).toEqual([known, known]);
    expect(sendersOf([{}], [ana])).toEqual([known]);
  });

  test("is nobody, when it could be one of two", () => {
    expect(sendersOf([{ from: "<PHONE>" }], [ana, { wa_id: "15550100302" }])).toEqual(["malformed"]);
    expect(sendersOf([{ from: "<ONE>" }, { from: "<OTHER>" }], [ana])).toEqual(["malformed", "malformed"]);
    expect(sendersOf([{ from: "15550100301" }, { from: "<OTHER>" }], [ana])).toEqual([known, "malformed"]);
  });

  test("is nobody, when there is no contact: all hidden numbers would be one person", () => {
    expect(sendersOf([{ from: "hidden" }, { from: "hidden" }])).toEqual(["malformed", "malformed"]);
  });
});
