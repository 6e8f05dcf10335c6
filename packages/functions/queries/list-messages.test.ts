import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConversationStream } from "#core/events/stream.ts";
import { anyHistory } from "#core/testing/any-history.ts";
import { recorded, stream } from "#core/testing/given.ts";
import { received, started } from "#core/testing/samples.ts";
import { transcript, type TranscriptMessage } from "#core/views/transcript.ts";
import { foldInto } from "#core/views/view.ts";
import { queryHilo } from "../testing/query-hilo.ts";

const path = `/conversations/${stream}/messages`;

/** `m1` is at version 2, and so on. */
const withMessages = async (count: number) => {
  const hilo = queryHilo();
  await hilo.record(stream, started());
  for (let number = 1; number <= count; number++) await hilo.record(stream, received(`m${number}`));
  await hilo.project(stream);
  return hilo;
};

const idsOf = (items: readonly Record<string, unknown>[]) => items.map(({ id }) => id);
const fromTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `m${first + index}`);

describe("messages", () => {
  it("come newest page first, each page oldest first", async () => {
    const hilo = await withMessages(5);
    const pages = await hilo.pages(`${path}?limit=2`);
    expect(pages.map(idsOf)).toEqual([["m4", "m5"], ["m2", "m3"], ["m1"]]);
  });

  it.each([1, 2, 199, 200])("come %d at a time", async (limit) => {
    const hilo = await withMessages(201);
    for (const at of ["", "&at=202"]) {
      const { body } = await hilo.get(`${path}?limit=${limit}${at}`);
      expect(idsOf(body.items)).toEqual(fromTo(202 - limit, 201));
      expect(body.next).toEqual(expect.any(String));
    }
  });

  it.each(["", "&at=10", "&at=2999-01-01T00:00:00Z"])(
    "come once and whole while more arrive, %s",
    async (at) => {
      const hilo = await withMessages(9);
      let arriving = 100;
      const pages = await hilo.pages(`${path}?limit=2${at}`, async () => {
        await hilo.record(stream, received(`m${arriving++}`));
        await hilo.project(stream);
      });
      expect(pages.toReversed().flatMap(idsOf)).toEqual(fromTo(1, 9));
    },
  );

  it("up to an instant to come are as they were at the first page", async () => {
    const hilo = await withMessages(3);
    const at = "at=2999-01-01T00:00:00Z";
    const { body } = await hilo.get(`${path}?limit=2&${at}`);
    const edit = { messageId: "u1", digest: "digest-u1", original: "m1" };
    await hilo.record(stream, {
      type: "MessageEdited",
      data: { ...edit, content: { type: "text", text: "otra cosa" } },
    });
    const next = await hilo.get(`${path}?limit=2&${at}&cursor=${body.next}`);
    expect(next.body).toMatchObject({
      version: 4,
      items: [{ id: "m1", content: { text: "¿A qué hora abrís?" } }],
    });
  });

  it.each(["", "&at=4"])("have no next page when the last one is full %s", async (at) => {
    const { body } = await (await withMessages(3)).get(`${path}?limit=3${at}`);
    expect([idsOf(body.items), body.next]).toEqual([fromTo(1, 3), undefined]);
  });

  it("say which version they show", async () => {
    const hilo = await withMessages(2);
    await hilo.record(stream, received("m3"));
    expect((await hilo.get(path)).body).toMatchObject({ version: 3, items: [{ id: "m1" }, { id: "m2" }] });
    expect((await hilo.get(`${path}?at=4`)).body).toMatchObject({
      version: 4,
      items: [{ id: "m1" }, { id: "m2" }, { id: "m3" }],
    });
    expect((await hilo.get(`${path}?at=2026-11-23T12:00:01Z`)).body).toMatchObject({
      version: 2,
      items: [{ id: "m1" }],
    });
  });

  it("of a conversation that no view has seen are none yet", async () => {
    const hilo = queryHilo();
    await hilo.record(stream, started(), received("m1"));
    expect(await hilo.get(path)).toMatchObject({ status: 200, body: { items: [], version: 0 } });
  });

  it("of an erased person are gone", async () => {
    const hilo = await withMessages(3);
    await hilo.keys.destroy(parseConversationStream(stream)?.contactId ?? "");
    expect((await hilo.get(path)).body.items).toEqual([]);
    await hilo.record(stream, { type: "ContactErased", data: {} });
    await hilo.project(stream);
    expect(await hilo.get(path)).toMatchObject({ status: 200, body: { items: [], version: 5 } });
  });

  it.each([
    ["another moment", "&at=3"],
    ["no moment", ""],
    ["the same moment said otherwise, which is another", "&at=2026-11-23T12:00:04Z"],
  ])("take no cursor from a request about %s", async (_, at) => {
    const hilo = await withMessages(4);
    const { body } = await hilo.get(`${path}?limit=1&at=5`);
    const moved = await hilo.get(`${path}?limit=1${at}&cursor=${body.next}`);
    expect(moved).toMatchObject({ status: 400, body: { type: "/problems/invalid-cursor" } });
  });

  it("take no cursor from another conversation, nor from its events", async () => {
    const hilo = await withMessages(4);
    const other = stream.replace("1065550000", "1065550001");
    await hilo.record(other, started(), received("o1"), received("o2"));
    await hilo.project(other);
    const { body } = await hilo.get(`${path}?limit=1`);
    for (const elsewhere of [
      `/conversations/${other}/messages`,
      `/conversations/${stream}/events`,
      "/conversations",
    ]) {
      const { status, problem } = await hilo.get(`${elsewhere}?cursor=${body.next}`);
      expect([elsewhere, status, problem]).toEqual([elsewhere, 400, "invalid-cursor"]);
    }
  });

  it("at a version are the fold of the events up to it, in whatever commits they came", () =>
    fc.assert(
      fc.asyncProperty(
        anyHistory,
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        async (history, somewhere, commitSize) => {
          const version = 1 + (somewhere % history.length);
          const hilo = queryHilo();
          for (let from = 0; from < history.length; from += commitSize)
            await hilo.record(stream, ...history.slice(from, from + commitSize));
          const folded = [
            ...foldInto(
              transcript,
              new Map<string, TranscriptMessage>(),
              recorded(history).slice(0, version),
            ).values(),
          ];
          const { body } = await hilo.get(`${path}?at=${version}&limit=200`);
          // A sending's time is that of its commit, which differs here.
          const plain = (items: readonly object[]) => items.map((item) => ({ ...item, at: "" }));
          expect(plain(body.items)).toEqual(
            plain(folded.toSorted((one, other) => one.version - other.version)),
          );
          expect(body["version"]).toBe(version);
        },
      ),
      { numRuns: 100 },
    ));

  it("now are the fold of every event, once they are projected", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const hilo = queryHilo();
        for (const event of history) await hilo.record(stream, event);
        await hilo.project(stream);
        const now = await hilo.get(`${path}?limit=200`);
        const then = await hilo.get(`${path}?limit=200&at=${history.length}`);
        // to the letter, the order of the fields included
        expect(JSON.stringify(now.body.items)).toBe(JSON.stringify(then.body.items));
        expect(now.body["version"]).toBeLessThanOrEqual(history.length);
      }),
      { numRuns: 50 },
    ));
});
