import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "../events/conversation.ts";
import { recorded, stream } from "../testing/given.ts";
import {
  echoed,
  identified,
  received,
  replyGenerated,
  sendRequested,
  sent,
  started,
  status,
  tookOver,
} from "../testing/samples.ts";
import { conversationList, preview, type ConversationSummary } from "./conversation-list.ts";
import { foldInto } from "./view.ts";

const rowsAfter = (...events: ConversationEvent[]) =>
  foldInto(conversationList, new Map<string, ConversationSummary>(), recorded(events));

const rowAfter = (...events: ConversationEvent[]) => rowsAfter(started(), ...events).get("summary");

const erased: ConversationEvent = { type: "ContactErased", data: {} };

describe("a conversation's row", () => {
  it("begins with the bot, and nothing said", () => {
    expect(rowAfter()).toStrictEqual({
      id: stream,
      contactId: "01JD0000000000000000000000",
      phoneNumberId: "1065550000",
      state: "bot",
      contact: {},
      received: 0,
      sent: 0,
      startedAt: "2026-11-23T12:00:00.000Z",
      updatedAt: "2026-11-23T12:00:00.000Z",
      version: 1,
    });
  });

  it("moves on with what is said, and stays in its place with what only becomes of that", () => {
    const row = rowAfter(received("m1"), replyGenerated("r1", []), sendRequested("s1"));
    expect(row).toMatchObject({ version: 4, updatedAt: "2026-11-23T12:00:03.000Z" });
    const news = [received("m1"), replyGenerated("r1", []), sendRequested("s1"), sent("s1")];
    expect(rowAfter(...news)).toEqual({ ...row, version: 5, sent: 1 });
    expect(rowAfter(...news, status("s1", "read"), replyGenerated("r2", []))).toEqual(rowAfter(...news));
  });

  it("counts what came in, and what went out from here or from the phone", () => {
    const row = rowAfter(received("m1"), received("m2"), sendRequested("s1"), sent("s1"), echoed("e1"));
    expect(row).toMatchObject({ received: 2, sent: 2 });
    expect(rowAfter(sendRequested("s1"))).toMatchObject({ sent: 0 });
  });

  it.each<[string, string, string, ConversationEvent]>([
    ["the customer", "customer", "¿A qué hora abrís?", received("m1")],
    ["the phone", "business", "Voy yo", echoed("e1")],
    ["us", "business", "A las 8:00.", sendRequested("s1")],
  ])("shows what was said last, by %s", (_, from, preview, event) => {
    const at = "2026-11-23T12:00:02.000Z";
    expect(rowAfter(received("m0"), event)?.last).toEqual({ from, at, preview });
    expect(rowAfter(received("m0"), event, status("m0", "read"))?.last?.preview).toBe(preview);
  });

  it("keeps what it knew of a contact when less is said", () => {
    const row = rowAfter(
      identified({ username: "lucia" }),
      identified({ name: "Lucía P.", phone: undefined }),
    );
    expect(row?.contact).toEqual({ name: "Lucía P.", phone: "34600000001", username: "lucia" });
  });

  it("has the language of the last answer", () => {
    expect(rowAfter(replyGenerated("r1", [2]))?.language).toBe("es");
  });

  it.each<[string, ConversationEvent[]]>([
    ["needs-human", [{ type: "HumanRequested", data: { replyId: "r1" } }]],
    ["human", [{ type: "HumanRequested", data: { replyId: "r1" } }, tookOver()]],
    ["bot", [tookOver(), { type: "BotResumed", data: { by: "ana" } }]],
    ["moved", [{ type: "ConversationMoved", data: { to: "another" } }]],
  ])("stands among those that are %s", (state, events) => {
    const row = rowAfter(...events);
    expect(row?.state).toBe(state);
    expect(row && conversationList.index?.(row, stream)).toEqual({ partition: state, sort: row?.updatedAt });
  });

  it("is gone once the person is erased, and no later event brings it back", () => {
    expect([...rowsAfter(started(), received("m1"), erased)]).toEqual([]);
    expect([...rowsAfter(started(), received("m1"), erased, status("m1", "read"))]).toEqual([]);
  });
});

describe("a preview", () => {
  it.each([
    ["Hola", { type: "text", text: "Hola" }],
    ["[image] Mi mesa", { type: "image", media: { mediaId: "1" }, caption: "Mi mesa" }],
    ["[sticker]", { type: "sticker", media: { mediaId: "1" } }],
    ["[button-reply] Sí", { type: "button-reply", id: "yes", title: "Sí" }],
    ["[list-reply] Terraza", { type: "list-reply", id: "1", title: "Terraza" }],
    ["[quick-reply] Reservar", { type: "quick-reply", text: "Reservar" }],
    ["[welcome]", { type: "welcome" }],
    ["[unknown]", { type: "unknown", kind: "poll", raw: '{"secret":1}' }],
  ] as const)("is %j", (expected, content) => {
    expect(preview(content)).toBe(expected);
  });

  it.each([
    [119, 119],
    [120, 120],
    [121, 120],
  ])("of %d characters has %d", (written, shown) => {
    expect(preview({ type: "text", text: "a".repeat(written) })).toHaveLength(shown);
  });

  it("never ends in half a character", () => {
    expect(preview({ type: "text", text: `${"a".repeat(119)}🙂🙂` })).toBe(`${"a".repeat(119)}🙂`);
  });
});
