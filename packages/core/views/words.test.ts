import { describe, expect, it } from "vitest";
import type { MessageContent } from "../events/content.ts";
import { words } from "./words.ts";

describe("what a message says in words", () => {
  const media = { mediaId: "1" };

  it.each<[string | undefined, MessageContent]>([
    ["hola", { type: "text", text: "hola" }],
    ["hola", { type: "quick-reply", text: "hola" }],
    ["hola", { type: "button-reply", id: "1", title: "hola" }],
    ["hola", { type: "list-reply", id: "1", title: "hola", description: "más" }],
    ["hola", { type: "order", catalogId: "1", text: "hola", items: [] }],
    ["hola", { type: "flow-reply", body: "hola", response: "{}" }],
    ["hola", { type: "image", media, caption: "hola" }],
    ["hola", { type: "video", media, caption: "hola" }],
    ["hola", { type: "document", media, caption: "hola", filename: "a.pdf" }],
    ["hola", { type: "location", latitude: "1", longitude: "2", name: "hola" }],
    [undefined, { type: "audio", media, voice: true }],
    [undefined, { type: "sticker", media }],
    [undefined, { type: "contacts", cards: ["{}"] }],
    [undefined, { type: "call-permission-reply", response: "accept" }],
    [undefined, { type: "welcome" }],
    [undefined, { type: "unsupported", errors: [] }],
    [undefined, { type: "unknown", kind: "poll", raw: "{}" }],
  ])("is %j of %j", (expected, content) => {
    expect(words(content)).toBe(expected);
  });
});
