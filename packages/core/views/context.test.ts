import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { limits } from "../domain/summarise.ts";
import type { MessageContent } from "../events/content.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { after, noon, recorded } from "../testing/given.ts";
import {
  echoed,
  received,
  replyGenerated,
  sendRequested,
  started,
  status,
  summarised,
} from "../testing/samples.ts";
import { context, contextFold, factsMax, findingsMax, turnsMax, type Context } from "./context.ts";
import { turnCharactersMax } from "./spoken.ts";
import { foldInto } from "./view.ts";

const contextAfter = (...events: ConversationEvent[]) =>
  foldInto(context, new Map<string, Context>(), recorded([started(), ...events])).get("context");

const said = (id: string, text = id) => received(id, { content: { type: "text", text } });

const media = { mediaId: "1" };
const document = { type: "document", media } as const;
const image = { type: "image", media } as const;
const location = { type: "location", latitude: "1", longitude: "2" } as const;
const change = { messageId: "u1", digest: "d", by: "customer" } as const;
const edit = (original: string, content: MessageContent): ConversationEvent => ({
  type: "MessageEdited",
  data: { ...change, original, content },
});
const revoke = (original: string): ConversationEvent => ({
  type: "MessageRevoked",
  data: { ...change, original },
});

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
        session: 1,
      },
      {
        id: "s1",
        version: 3,
        from: "business",
        at: "2026-11-23T12:00:02.000Z",
        kind: "text",
        text: "A las 8:00.",
        session: 1,
      },
      {
        id: "e1",
        version: 4,
        from: "business",
        at: "2026-11-23T12:00:03.000Z",
        kind: "text",
        text: "Voy yo",
        session: 1,
      },
    ]);
  });

  it("has the version of the last event that said something", () => {
    expect(contextAfter(said("hola"), status("m1", "read"))).toMatchObject({ version: 2, turns: [{}] });
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

  it("has the summary in place of the turns that it is of, and its open questions in place of those before", () => {
    const found = contextAfter(
      said("one"),
      said("two"),
      summarised(2, { openQuestions: ["why?"] }),
      said("three"),
      summarised(3, { summary: "More.", openQuestions: ["when?"] }),
    );
    expect(found).toMatchObject({ summary: { upTo: 3, text: "More." }, openQuestions: ["when?"] });
    expect(found?.turns.map(({ id }) => id)).toEqual(["three"]);
  });

  it("has each fact once, as it was last said to be, and the newest of many", () => {
    const fact = (name: string, value: string) => summarised(2, { facts: [{ name, value }] });
    const city = contextAfter(fact("city", "Vigo"), fact("name", "Ana"), fact("city", "Lugo"))?.facts;
    expect(city).toEqual([
      { name: "name", value: "Ana" },
      { name: "city", value: "Lugo" },
    ]);
    const many = Array.from({ length: factsMax + 1 }, (_, at) => fact(`fact-${at}`, "x"));
    expect(contextAfter(...many)?.facts).toHaveLength(factsMax);
    expect(contextAfter(...many)?.facts?.at(-1)?.name).toBe(`fact-${factsMax}`);
  });

  it("has what files and places were said to be, longer than their turns, and the newest of many", () => {
    const pdf = received("d1", { content: { ...document, filename: "order.pdf", caption: "my order" } });
    const place = received("l1", { content: { ...location, name: "Home", address: "Rúa Nova 1" } });
    const found = contextAfter(pdf, place, received("i1", { content: image }), said("hi"), summarised(5));
    expect(found?.turns).toEqual([]);
    expect(found?.findings).toEqual([
      { id: "d1", version: 2, kind: "document", text: "order.pdf, my order" },
      { id: "l1", version: 3, kind: "location", text: "Home, Rúa Nova 1" },
    ]);
    const many = Array.from({ length: findingsMax + 1 }, (_, at) => received(`m${at}`, pdf.data));
    expect(contextAfter(...many)?.findings?.map(({ version }) => version)).toEqual(
      Array.from({ length: findingsMax }, (_, at) => at + 3),
    );
  });

  it("has files as they were edited last, and none that was taken back", () => {
    const pdf = received("d1", { content: { ...document, filename: "order.pdf" } });
    const other = received("d2", { content: { ...document, filename: "bill.pdf" } });
    const names = (...events: ConversationEvent[]) =>
      contextAfter(pdf, other, ...events)?.findings?.map(({ text }) => text);
    expect(names(edit("d1", { ...document, filename: "new.pdf" }))).toEqual(["new.pdf", "bill.pdf"]);
    expect(names(edit("d1", document))).toEqual(["bill.pdf"]);
    expect(names(revoke("d2"))).toEqual(["order.pdf"]);
  });

  it("has no words of a message that was taken back: with one that was summarised the summary goes", () => {
    const before = [said("one"), said("two"), summarised(2)];
    expect(contextAfter(...before, revoke("two"))).toMatchObject({
      turns: [],
      summary: { text: "Ana wants a table." },
    });
    const without = contextAfter(...before, revoke("one"));
    expect(without).toMatchObject({ turns: [{ id: "two" }], summary: { upTo: 2, text: "" } });
    expect(without).not.toHaveProperty("facts");
    expect(without).not.toHaveProperty("openQuestions");
  });

  it("has turns as they were edited last, in their place", () => {
    const turns = contextAfter(said("one"), said("two"), edit("one", { type: "text", text: "uno" }))?.turns;
    expect(turns?.map(({ text }) => text)).toEqual(["uno", "two"]);
  });

  it("has no holding reply, which answers nothing", () => {
    const holding: ConversationEvent = { ...sendRequested("s1") };
    if (holding.type === "SendRequested") holding.data = { ...holding.data, holds: "r1" };
    expect(contextAfter(said("one"), holding, sendRequested("s2"))?.turns.map(({ id }) => id)).toEqual([
      "one",
      "s2",
    ]);
  });

  it("fits in one stored item at its worst", () => {
    const worst = "\u0001".repeat(turnCharactersMax);
    const messages = Array.from({ length: turnsMax }, (_, at) => said(`m${at}`, worst));
    const files = Array.from({ length: findingsMax }, (_, at) =>
      received(`d${at}`, { content: { ...document, filename: worst, caption: worst } }),
    );
    const facts = Array.from({ length: factsMax }, (_, at) => ({
      name: `${at}`.padEnd(limits.factName, "\u0001"),
      value: worst.slice(0, limits.factValue),
    }));
    const questions = Array.from({ length: limits.openQuestions }, () => worst.slice(0, limits.openQuestion));
    const full = contextAfter(
      summarised(1, { summary: worst.slice(0, limits.summary), facts, openQuestions: questions }),
      ...files,
      ...messages,
    );
    expect(full?.facts).toHaveLength(factsMax);
    expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(400_000);
    expect(full?.turns.length).toBeGreaterThan(10);
  });

  it("is the very same object where an event says nothing", () => {
    const [, first, second] = recorded([started(), said("one"), replyGenerated("r1", []), revoke("two")]);
    const before = first && context.evolve(undefined, first);
    const after = second && context.evolve(before, second);
    expect(second && context.evolve(after, second)).toBe(after);
  });

  it("reads rows that were stored before there were summaries", () => {
    const row = { version: 3, turns: [{ id: "m1", version: 2, from: "customer", at: noon, kind: "text" }] };
    expect(context.item.parse(row)).toEqual(row);
  });

  it("has another name whenever the same history is folded otherwise", () => {
    const history = [
      said("one", "hola"),
      received("d1", { content: { ...document, filename: "order.pdf" } }),
      sendRequested("s1"),
      summarised(2),
      revoke("one"),
      edit("d1", { ...document, caption: "mine" }),
      replyGenerated("r1", []),
      received("m2", { sentAt: after(48 * 3_600_000) }),
    ];
    const digest = createHash("sha256")
      .update(JSON.stringify(contextAfter(...history)))
      .digest("hex");
    // when this fails, raise `contextFold`: what is cached under its name is of the old fold
    expect([contextFold, digest.slice(0, 16)]).toEqual(["context-2", "dfac59a0d6ec49c8"]);
  });

  it("of an erased person is gone, and news of what was said before brings nothing back", () => {
    const erased: ConversationEvent = { type: "ContactErased", data: {} };
    expect(contextAfter(said("hola"), erased)).toBeUndefined();
    expect(contextAfter(said("hola"), erased, status("m1", "read"))).toBeUndefined();
    expect(contextAfter(said("hola"), erased, echoed("e1"))?.turns).toHaveLength(1);
  });
});

describe("a session", () => {
  const hours = 3_600_000;
  it.each([
    [0, 1],
    [24 * hours, 1],
    [24 * hours + 1, 2],
    [-30 * 24 * hours, 1],
  ])("goes on or begins anew when the customer writes after %d ms", (gap, session) => {
    const turns = contextAfter(said("one"), received("two", { sentAt: after(gap) }), echoed("e1"))?.turns;
    expect(turns?.map((turn) => turn.session)).toEqual([1, session, session]);
  });

  it("is measured from the customer's last message, not from its first, nor from what was said to them", () => {
    const at = (hour: number) => received(`h${hour}`, { sentAt: after(hour * hours) });
    const sessions = contextAfter(
      at(0),
      at(20),
      at(40),
      echoed("e1", { sentAt: after(60 * hours) }),
      at(65),
    )?.turns;
    expect(sessions?.map((turn) => turn.session)).toEqual([1, 1, 1, 1, 2]);
  });
});
