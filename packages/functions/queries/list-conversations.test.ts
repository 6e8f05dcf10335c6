import { describe, expect, it } from "vitest";
import { conversationStream } from "#core/events/stream.ts";
import { received, started, tookOver } from "#core/testing/samples.ts";
import { queryHilo, type QueryHilo } from "../testing/query-hilo.ts";

const nth = (number: number): string => conversationStream(String(number).padStart(26, "0"), "1065550000");

/** Conversations from the oldest to the newest, every third one in a person's hands. */
const withConversations = async (count: number): Promise<{ hilo: QueryHilo; ids: string[] }> => {
  const hilo = queryHilo();
  const ids = Array.from({ length: count }, (_, index) => nth(index + 1));
  for (const [index, id] of ids.entries())
    await hilo.record(id, started(), ...(index % 3 ? [] : [tookOver()]));
  await hilo.project(...ids);
  return { hilo, ids };
};

const idsOf = (items: readonly Record<string, unknown>[]) => items.map(({ id }) => id);

describe("the list of conversations", () => {
  it("is newest first, whatever their states", async () => {
    const { hilo, ids } = await withConversations(7);
    const { status, body } = await hilo.get("/conversations");
    expect(status).toBe(200);
    expect(idsOf(body.items)).toEqual(ids.toReversed());
    expect(body.next).toBeUndefined();
  });

  it("has only those in the states asked for", async () => {
    const { hilo } = await withConversations(7);
    const states = async (state: string) =>
      idsOf((await hilo.get(`/conversations?state=${state}`)).body.items);
    expect(await states("human")).toEqual([nth(7), nth(4), nth(1)]);
    expect(await states("bot")).toEqual([nth(6), nth(5), nth(3), nth(2)]);
    expect(await states("human,bot,human")).toEqual([7, 6, 5, 4, 3, 2, 1].map(nth));
    expect(await states("needs-human,moved")).toEqual([]);
  });

  it.each([
    [1, 1],
    [2, 2],
    [199, 199],
    [200, 200],
  ])("has pages of %d", async (limit, length) => {
    const { hilo } = await withConversations(203);
    const { body } = await hilo.get(`/conversations?limit=${limit}`);
    expect(body.items).toHaveLength(length);
    expect(body.next).toEqual(expect.any(String));
  });

  it("has pages of 50 unless told otherwise", async () => {
    const { hilo } = await withConversations(51);
    expect((await hilo.get("/conversations")).body.items).toHaveLength(50);
  });

  it.each([1, 2, 3, 5, 20])(
    "comes once and whole in pages of %d, though conversations arrive meanwhile",
    async (limit) => {
      const { hilo, ids } = await withConversations(20);
      let arrived = 100;
      const pages = await hilo.pages(`/conversations?limit=${limit}`, async () => {
        const id = nth(arrived++);
        await hilo.record(id, started());
        await hilo.project(id);
      });
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      expect(pages.flatMap(idsOf)).toEqual(ids.toReversed());
    },
  );

  it("shows none twice that is updated, or changes hands, between two pages", async () => {
    const { hilo, ids } = await withConversations(20);
    const changes = [nth(19), nth(3), nth(10)];
    const pages = await hilo.pages("/conversations?limit=4", async () => {
      const id = changes.pop();
      if (!id) return;
      await hilo.record(id, received("again"), tookOver());
      await hilo.project(id);
    });
    const seen = pages.flatMap(idsOf);
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids.filter((id) => !seen.includes(id))).toEqual([nth(3), nth(10)]);
  });

  it("shows once what changes hands between the reads of two states", async () => {
    const { hilo } = await withConversations(3);
    const { list } = hilo.views;
    hilo.views.list = async (view, options) => {
      if (options.partition === "human") {
        await hilo.record(nth(2), tookOver());
        await hilo.project(nth(2));
      }
      return list(view, options);
    };
    const { body } = await hilo.get("/conversations?state=bot,human");
    expect(body.items.map(({ id, state }) => [id, state])).toEqual([
      [nth(2), "human"],
      [nth(3), "bot"],
      [nth(1), "human"],
    ]);
  });

  it("keeps a row's order among those updated in the same instant", async () => {
    const hilo = queryHilo();
    const ids = [1, 2, 3, 4, 5].map(nth);
    for (const id of ids) {
      const at = "2026-11-23T12:00:00.000Z";
      await hilo.store.append({
        stream: id,
        subject: id.slice(13, 39),
        expectedVersion: 0,
        events: [started(), ...(id === nth(3) ? [tookOver()] : [])],
        at,
        commitId: id,
      });
    }
    await hilo.project(...ids);
    expect((await hilo.pages("/conversations?limit=1")).flatMap(idsOf)).toEqual(ids.toReversed());
  });

  it("takes a cursor only for the states that it came from, in any order", async () => {
    const { hilo } = await withConversations(7);
    const { body } = await hilo.get("/conversations?state=bot,human&limit=2");
    const ask = async (rest: string) =>
      (await hilo.get(`/conversations?limit=3&cursor=${body.next}${rest}`)).status;
    expect(await ask("&state=human,bot")).toBe(200);
    expect(await ask("&state=bot")).toBe(400);
    expect(await ask("")).toBe(400);
  });

  it("has lost the erased, before and after the view knows", async () => {
    const { hilo } = await withConversations(3);
    await hilo.keys.destroy("00000000000000000000000002");
    expect(idsOf((await hilo.get("/conversations")).body.items)).toEqual([nth(3), nth(1)]);
    await hilo.record(nth(2), { type: "ContactErased", data: {} });
    await hilo.project(nth(2));
    expect(idsOf((await hilo.get("/conversations")).body.items)).toEqual([nth(3), nth(1)]);
  });
});
