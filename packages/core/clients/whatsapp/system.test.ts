import { describe, expect, test } from "vitest";
import { messagesWebhook, testIds, updatesIn } from "../../testing/whatsapp.ts";
import { parseWebhook } from "./webhook.ts";

const system = (details: object, message: object = { from: "15550100301" }) =>
  parseWebhook(
    messagesWebhook([
      { id: "wamid.S", timestamp: "1790000000", type: "system", ...message, system: details },
    ]),
    testIds,
  )[0];

describe("F39: when WhatsApp renames a customer", () => {
  test("a new number brings a new user id: one person, under old names and new", () => {
    const names = { phone: "15550100399", userId: "PE.90000000000000000399", parentUserId: "PE.ENT.8000399" };
    expect(updatesIn("number-changed")).toMatchObject([
      {
        kind: "message",
        sender: names,
        previous: { phone: "15550100301", userId: "PE.90000000000000000301", parentUserId: "PE.ENT.8000301" },
        linked: true,
        event: {
          type: "ContactIdentified",
          data: { messageId: "hash of wamid.SYSTEM1", because: "number-changed", ...names },
        },
      },
    ]);
  });

  test("a new user id may come without any phone", () => {
    expect(updatesIn("user-id-changed")).toMatchObject([
      {
        sender: { userId: "PE.90000000000000000400" },
        previous: { userId: "PE.90000000000000000399" },
        linked: true,
        event: { data: { because: "user-id-changed", userId: "PE.90000000000000000400" } },
      },
    ]);
  });

  test("the sender's user id is the old one, unless it is the new one", () => {
    const change = { type: "user_changed_user_id", user_id: "PE.2" };
    expect(system(change, { from_user_id: "PE.1" })).toMatchObject({
      sender: { userId: "PE.2" },
      previous: { userId: "PE.1" },
    });
    expect(system(change, { from_user_id: "PE.2" })).not.toHaveProperty("previous");
    expect(system(change, { from_user_id: "PE.2" })).not.toHaveProperty("linked");
  });

  test.each([
    ["of today", { type: "user_changed_number", wa_id: "15550100399" }],
    ["of version 11", { type: "customer_changed_number", new_wa_id: "15550100399", customer: "15550100301" }],
  ])("the names %s", (_, details) => {
    expect(system(details)).toMatchObject({
      sender: { phone: "15550100399" },
      previous: { phone: "15550100301" },
    });
  });
});

test("a new device is the same customer, who may not be the same person: nothing is linked", () => {
  const update = system({ type: "customer_identity_changed", identity: "hash", wa_id: "15550100301" });
  expect(update).toMatchObject({
    sender: { phone: "15550100301" },
    event: { data: { because: "identity-changed", phone: "15550100301" } },
  });
  expect(update).not.toHaveProperty("linked");
});

test.each([
  ["a kind of next year", { type: "user_moved_to_mars" }],
  ["no kind", {}],
  ["a change that doesn't say to what", { type: "user_changed_number" }],
])("F38: %s is kept, and is no message that could be answered", (_, details) => {
  expect(system(details)).toMatchObject({
    kind: "account",
    sender: { phone: "15550100301" },
    raw: expect.stringContaining("wamid.S") as unknown,
  });
});
