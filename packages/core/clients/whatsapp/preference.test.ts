import { describe, expect, test } from "vitest";
import { ConversationEvent } from "../../events/conversation.ts";
import { place, testIds, webhook } from "../../testing/whatsapp.ts";
import type { Update } from "./update.ts";
import { parseWebhook } from "./webhook.ts";

const stop = {
  wa_id: "15550100301",
  detail: "User requested to stop marketing messages",
  category: "marketing_messages",
  value: "stop",
  timestamp: 1_790_000_000,
};
const ana = { profile: { name: "Ana Torres" }, wa_id: "15550100301", user_id: "PE.1" };

const preferences = (items: readonly unknown[], rest: object = {}): Update[] =>
  parseWebhook(
    webhook("user_preferences", {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550100200", phone_number_id: place.phoneNumberId },
      contacts: [ana],
      user_preferences: items,
      ...rest,
    }),
    testIds,
  );
const markOf = (...args: Parameters<typeof preferences>) => {
  const [update] = preferences(...args);
  return update?.kind === "message" && update.event.type === "ContactMarked" ? update.event.data : undefined;
};

describe("marketing messages", () => {
  test.each([
    ["stop", "opted-out"],
    ["resume", "opted-in"],
    ["signup", "opted-in"],
  ])("%s: %s", (value, as) => {
    const updates = preferences([{ ...stop, value }]);
    expect(updates).toMatchObject([
      {
        ...place,
        kind: "message",
        sender: { phone: "15550100301", userId: "PE.1", name: "Ana Torres" },
        event: { type: "ContactMarked", data: { as } },
      },
    ]);
    const [update] = updates;
    if (update?.kind !== "message") throw new TypeError("no message");
    expect(ConversationEvent.parse(update.event)).toEqual(update.event);
  });

  test("F39: a customer without a phone opts out, too", () => {
    const [update] = preferences([{ ...stop, wa_id: undefined, user_id: "PE.1" }]);
    expect(update).toMatchObject({ kind: "message", sender: { userId: "PE.1" } });
  });

  test("F3: the same again is the same, at another time it is not", () => {
    const [first, again] = [markOf([stop]), markOf([stop])];
    const later = markOf([{ ...stop, timestamp: 1_790_000_001 }]);
    expect(again).toEqual(first);
    expect(later?.messageId).not.toBe(first?.messageId);
  });

  test("two customers, or two of our numbers, are told apart", () => {
    const other = { metadata: { phone_number_id: "400000000000002" } };
    const ids = [
      markOf([stop])?.messageId,
      markOf([{ ...stop, wa_id: "15550100302" }])?.messageId,
      markOf([stop], other)?.messageId,
    ];
    expect(new Set(ids).size).toBe(3);
  });
});

describe("what is not understood is kept:", () => {
  test.each([
    ["another category", { ...stop, category: "calls" }, "account"],
    ["another value", { ...stop, value: "pause" }, "account"],
    ["no object", "stop", "malformed"],
  ])("%s", (_, item, kind) => {
    expect(preferences([item, stop])).toMatchObject([{ kind }, { kind: "message" }]);
  });

  test("nobody's", () => {
    const nobodys = { ...stop, wa_id: undefined };
    expect(preferences([nobodys], { contacts: [] })).toMatchObject([{ kind: "malformed" }]);
  });

  test("no preference at all", () => {
    expect(preferences([])).toMatchObject([{ kind: "account" }]);
  });
});
