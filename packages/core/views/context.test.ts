import { describe, expect, it } from "vitest";
import type { MessageContent } from "../events/content.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { recorded } from "../testing/given.ts";
import { echoed, received, replyGenerated, sendRequested, started, status } from "../testing/samples.ts";
import { context, turnCharactersMax, turnsMax, words, type Context } from "./context.ts";
import { foldInto } from "./view.ts";

const contextAfter = (...events: ConversationEvent[]) =>
  foldInto(context, new Map<string, Context>(), recorded([started(), ...events])).get("context");

const said = (id: string, text = id) => received(id, { content: { type: "text", text } });

describe("the context", () => {
  it("has what each side said, in order of version", () => {
    const turns = contextAfter(said("hola"), sendRequested("s1"), echoed("e1"))?.turns;
    expect(turns).toStrictEqual([
      {
        id: "hola",
        version: 2,
        from: "customer",
        at: "2026-11-23T12:00:01.000Z",
        kind: "text",
        text: "hola",
      },
      {
        id: "s1",
        version: 3,
        from: "business",
        at: "2026-11-23T12:00:02.000Z",
        kind: "text",
        text: "A las 8:00.",
      },
      {
        id: "e1",
        version: 4,
        from: "business",
        at: "2026-11-23T12:00:03.000Z",
        kind: "text",
        text: "Voy yo",
      },
    ]);
  });

  it("has the version of the last event, whatever it says", () => {
    expect(contextAfter(said("hola"), status("m1", "read"))).toMatchObject({ version: 3, turns: [{}] });
  });

  it.each([
    [turnsMax - 1, 0, turnsMax - 1],
    [turnsMax, 0, turnsMax],
    [turnsMax + 1, 1, turnsMax],
    [turnsMax * 2, turnsMax, turnsMax],
  ])("of %d messages forgets the oldest %d and keeps %d", (messages, forgotten, kept) => {
    const all = Array.from({ length: messages }, (_, index) => said(String(index)));
    const turns = contextAfter(...all)?.turns ?? [];
    expect(turns).toHaveLength(kept);
    expect([turns[0]?.text, turns.at(-1)?.text]).toEqual([String(forgotten), String(messages - 1)]);
  });

  it.each([
    [turnCharactersMax, turnCharactersMax],
    [turnCharactersMax + 1, turnCharactersMax],
  ])("of a message of %d characters keeps %d", (written, kept) => {
    expect(contextAfter(said("m1", "a".repeat(written)))?.turns[0]?.text).toHaveLength(kept);
  });

  it("keeps no half of a character", () => {
    const long = `${"a".repeat(turnCharactersMax - 1)}🙂`;
    expect(contextAfter(said("m1", long))?.turns[0]?.text?.isWellFormed()).toBe(true);
  });

  it("has history, which the model may need, and no groups, where others speak", () => {
    const turns = contextAfter(
      received("m1", { noReply: "history" }),
      echoed("e1", { history: true }),
      received("m2", { groupId: "g1", noReply: "group" }),
    )?.turns;
    expect(turns?.map(({ version }) => version)).toEqual([2, 3]);
  });

  it("has the language of the last answer", () => {
    expect(contextAfter(replyGenerated("r1", []))).toMatchObject({ language: "es" });
    expect(contextAfter(replyGenerated("r1", []), said("hola"))).toMatchObject({ language: "es" });
  });

  it("of an erased person is gone, and begins anew without a word of before", () => {
    const erased: ConversationEvent = { type: "ContactErased", data: {} };
    expect(contextAfter(said("hola"), erased)).toBeUndefined();
    expect(contextAfter(said("hola"), erased, status("m1", "read"))).toEqual({ version: 4, turns: [] });
  });
});

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

  it("is left out of a turn that has none", () => {
    expect(contextAfter(received("m1", { content: { type: "welcome" } }))?.turns[0]).not.toHaveProperty(
      "text",
    );
  });
});
