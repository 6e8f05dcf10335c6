import { describe, expect, test } from "vitest";
import type { EventOf } from "../../events/conversation.ts";
import { messagesWebhook, testIds } from "../../testing/whatsapp.ts";
import type { MessageEvent } from "./update.ts";
import { parseWebhook } from "./webhook.ts";

const eventOf = (message: object): MessageEvent => {
  const item = { from: "15550100301", id: "wamid.M", timestamp: "1790000000", ...message };
  const [update] = parseWebhook(messagesWebhook([item]), testIds);
  if (update?.kind !== "message") throw new Error(`not a message: ${JSON.stringify(update)}`);
  return update.event;
};

const received = (message: object): EventOf<"MessageReceived">["data"] => {
  const event = eventOf(message);
  if (event.type !== "MessageReceived") throw new Error(`not received: ${event.type}`);
  return event.data;
};

const blob = { id: "700000000000001", mime_type: "image/jpeg", sha256: "aGFzaA==" };
const media = { mediaId: "700000000000001", mimeType: "image/jpeg", sha256: "aGFzaA==" };

describe("what a message says", () => {
  test.each([
    ["text", { text: { body: "Hello" } }, { type: "text", text: "Hello" }],
    ["image", { image: { ...blob, caption: "Look" } }, { type: "image", media, caption: "Look" }],
    ["video", { video: blob }, { type: "video", media }],
    [
      "document",
      { document: { ...blob, filename: "menu.pdf" } },
      { type: "document", media, filename: "menu.pdf" },
    ],
    ["audio", { audio: { ...blob, voice: true } }, { type: "audio", media, voice: true }],
    ["sticker", { sticker: { ...blob, animated: false } }, { type: "sticker", media, animated: false }],
    [
      "location",
      { location: { latitude: -12.25, longitude: 43.9, name: "Shop", url: "https://maps.example" } },
      { type: "location", latitude: "-12.25", longitude: "43.9", name: "Shop", url: "https://maps.example" },
    ],
    [
      "contacts",
      { contacts: [{ phones: [{ phone: "+1" }] }] },
      { type: "contacts", cards: ['{"phones":[{"phone":"+1"}]}'] },
    ],
    [
      "interactive",
      { interactive: { type: "button_reply", button_reply: { id: "yes", title: "Yes" } } },
      { type: "button-reply", id: "yes", title: "Yes" },
    ],
    [
      "interactive",
      { interactive: { type: "list_reply", list_reply: { id: "a", title: "A", description: "The first" } } },
      { type: "list-reply", id: "a", title: "A", description: "The first" },
    ],
    [
      "interactive",
      {
        interactive: {
          type: "nfm_reply",
          nfm_reply: { name: "flow", body: "Sent", response_json: '{"a":1}' },
        },
      },
      { type: "flow-reply", name: "flow", body: "Sent", response: '{"a":1}' },
    ],
    [
      "interactive",
      { interactive: { type: "call_permission_reply", call_permission_reply: { response: "accept" } } },
      { type: "call-permission-reply", response: "accept" },
    ],
    [
      "button",
      { button: { payload: "P", text: "Stop" } },
      { type: "quick-reply", payload: "P", text: "Stop" },
    ],
    ["button", { button: { payload: "P" } }, { type: "quick-reply", payload: "P", text: "P" }],
    [
      "order",
      {
        order: {
          catalog_id: "c",
          text: "",
          product_items: [{ product_retailer_id: "p", quantity: "2", item_price: 7.5, currency: "PEN" }],
        },
      },
      {
        type: "order",
        catalogId: "c",
        items: [{ productId: "p", quantity: 2, price: 7.5, currency: "PEN" }],
      },
    ],
    [
      "unsupported",
      { unsupported: { type: "poll" }, errors: [{ code: 131051, title: "Message type unknown" }] },
      { type: "unsupported", kind: "poll", errors: [{ code: 131051, title: "Message type unknown" }] },
    ],
    [
      "unsupported",
      { errors: [{ code: "131052" }, "what"] },
      { type: "unsupported", errors: [{ code: 131052 }] },
    ],
    ["request_welcome", {}, { type: "welcome" }],
  ])("%s %j", (type, payload, content) => {
    const data = received({ type, ...payload });
    expect(data.content).toStrictEqual(content);
    expect(data).not.toHaveProperty("unknownFields");
  });

  test.each([
    ["a type of next year", { type: "hologram", hologram: { type: "wave", id: 7 } }, "hologram.wave"],
    ["no type", { text: { body: "Hello" } }, "missing"],
    ["a type that is no text", { type: 7 }, "missing"],
    ["a known type without its payload", { type: "text" }, "text"],
    ["a known type with another payload", { type: "text", text: { body: 7 } }, "text"],
    [
      "an interactive kind of next year",
      { type: "interactive", interactive: { type: "product", product: {} } },
      "interactive.product",
    ],
    ["a media without an id", { type: "image", image: { mime_type: "image/jpeg" } }, "image"],
    ["a reaction to nothing", { type: "reaction", reaction: { emoji: "👍" } }, "reaction"],
    ["an edit of nothing", { type: "edit", edit: {} }, "edit"],
    ["a revocation of nothing", { type: "revoke" }, "revoke"],
    ["a type that every object has", { type: "constructor" }, "constructor"],
    ["a type that is a prototype", { type: "__proto__" }, "__proto__"],
  ])("F38: %s is kept whole, acknowledged and answerable", (_, message, kind) => {
    const { content, ...data } = received(message);
    expect(content).toMatchObject({ type: "unknown", kind });
    expect(JSON.parse("raw" in content ? content.raw : "")).toEqual({
      from: "15550100301",
      id: "wamid.M",
      timestamp: "1790000000",
      ...message,
    });
    expect(data).not.toHaveProperty("unknownFields");
  });

  test("F38: fields that are new, of the message and of its payload, are kept beside what is known", () => {
    const data = received({
      type: "image",
      image: { ...blob, blur: 3 },
      mood: "good",
      errors: [{ code: 1 }],
      referral: { headline: "Ad", welcome_message: { text: "Hi" } },
      context: { id: "wamid.P", mentions: [1] },
    });
    expect(JSON.parse(data.unknownFields ?? "")).toEqual({
      image: { blur: 3 },
      mood: "good",
      errors: [{ code: 1 }],
      referral: { welcome_message: { text: "Hi" } },
      context: { mentions: [1] },
    });
  });
});

describe("what a message refers to", () => {
  const text = { type: "text", text: { body: "Is it there?" } };

  test("another message", () => {
    expect(received({ ...text, context: { from: "15550100200", id: "wamid.P" } })).toMatchObject({
      inReplyTo: "hash of wamid.P",
    });
  });

  test.each([["forwarded"], ["frequently_forwarded"]])("one that was %s", (word) => {
    expect(received({ ...text, context: { [word]: true } })).toMatchObject({ forwarded: true });
    expect(received({ ...text, context: { [word]: false } })).not.toHaveProperty("forwarded");
  });

  test("a product", () => {
    const context = { id: "wamid.P", referred_product: { catalog_id: "c", product_retailer_id: "p" } };
    expect(received({ ...text, context })).toMatchObject({
      referredProduct: { catalogId: "c", productId: "p" },
    });
  });

  test("an advertisement", () => {
    const referral = {
      source_url: "https://ad.example",
      source_id: "1",
      source_type: "ad",
      headline: "H",
      body: "B",
      ctwa_clid: "click",
    };
    expect(
      received({ ...text, referral: { ...referral, image_url: "https://expires.example" } }),
    ).toMatchObject({
      referral: {
        sourceUrl: "https://ad.example",
        sourceId: "1",
        sourceType: "ad",
        headline: "H",
        body: "B",
        clickId: "click",
      },
    });
  });

  test("a group: never answered, since the answer would go to one of them alone", () => {
    expect(received({ ...text, group_id: "Z3JvdXA" })).toMatchObject({
      groupId: "Z3JvdXA",
      noReply: "group",
    });
  });

  test("parts of another shape are no reason to lose the message", () => {
    const data = received({ ...text, context: "wamid.P", referral: [], group_id: {} });
    expect(data.content).toEqual({ type: "text", text: "Is it there?" });
    expect(JSON.parse(data.unknownFields ?? "")).toEqual({ context: "wamid.P", referral: [] });
  });
});

describe("what a message does to another", () => {
  const base = { messageId: "hash of wamid.M", digest: expect.any(String) as unknown };

  test("a reaction", () => {
    expect(eventOf({ type: "reaction", reaction: { message_id: "wamid.P", emoji: "👍" } })).toStrictEqual({
      type: "ReactionReceived",
      data: { ...base, to: "hash of wamid.P", emoji: "👍" },
    });
  });

  test.each([{ message_id: "wamid.P" }, { message_id: "wamid.P", emoji: "" }])(
    "a reaction taken back: %j",
    (reaction) => {
      expect(eventOf({ type: "reaction", reaction })).toStrictEqual({
        type: "ReactionReceived",
        data: { ...base, to: "hash of wamid.P" },
      });
    },
  );

  test("an edit", () => {
    const message = { type: "text", text: { body: "Two, please" } };
    expect(eventOf({ type: "edit", edit: { original_message_id: "wamid.P", message } })).toStrictEqual({
      type: "MessageEdited",
      data: { ...base, original: "hash of wamid.P", content: { type: "text", text: "Two, please" } },
    });
  });

  test("a revocation", () => {
    expect(eventOf({ type: "revoke", revoke: { original_message_id: "wamid.P" } })).toStrictEqual({
      type: "MessageRevoked",
      data: { ...base, original: "hash of wamid.P", by: "customer" },
    });
  });
});

describe("limits", () => {
  test("a text is cut, without half a character", () => {
    const { content } = received({ type: "text", text: { body: `a${"😀".repeat(40_000)}` } });
    const text = content.type === "text" ? content.text : "";
    expect(text).toHaveLength(65_536);
    expect(text.isWellFormed()).toBe(true);
  });

  test("raw JSON is cut, and says so", () => {
    const { content } = received({ type: "hologram", hologram: "x".repeat(300_000) });
    const raw = content.type === "unknown" ? content.raw : "";
    expect(raw).toHaveLength(200_000);
    expect(raw.endsWith("…[cut]")).toBe(true);
  });

  test("an id is never cut, since two could become one", () => {
    const [update] = parseWebhook(messagesWebhook([{ from: "15550100301", id: "w".repeat(1_025) }]), testIds);
    expect(update?.kind).toBe("malformed");
  });

  test("a text that customers choose and that is stored as it is can't pass for an encrypted one", () => {
    const { content } = received({ type: "document", document: { ...blob, mime_type: "sealed:1:abc" } });
    expect(content).toMatchObject({ media: { mimeType: "sealed 1:abc" } });
  });
});
