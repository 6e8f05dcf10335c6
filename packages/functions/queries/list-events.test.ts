import { describe, expect, it } from "vitest";
import { parseConversationStream } from "#core/events/stream.ts";
import { recorded, stream } from "#core/testing/given.ts";
import { identified, received, started } from "#core/testing/samples.ts";
import { queryHilo } from "../testing/query-hilo.ts";

const path = `/conversations/${stream}/events`;

/** Versions 1 to 3 at noon, 4 a second later, and so on. */
const withEvents = async (count: number) => {
  const hilo = queryHilo();
  await hilo.record(stream, started(), identified(), received("m3"));
  for (let version = 4; version <= count; version++) await hilo.record(stream, received(`m${version}`));
  return hilo;
};

const versionsOf = (items: readonly Record<string, unknown>[]) => items.map(({ version }) => version);
const fromTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("events", () => {
  it("are what was recorded, oldest first", async () => {
    const hilo = await withEvents(3);
    const { body } = await hilo.get(path);
    const events = recorded([started(), identified(), received("m3")], "2026-11-23T12:00:00.000Z");
    expect(body).toEqual({ items: events.map((event) => ({ ...event, commitId: "commit-1" })), version: 3 });
  });

  it.each([
    ["", fromTo(1, 9)],
    ["?from=1", fromTo(1, 9)],
    ["?from=2", fromTo(2, 9)],
    ["?from=9", [9]],
    ["?from=10", []],
    ["?at=2", [1, 2]],
    ["?at=5&from=2", [2, 3, 4, 5]],
    ["?at=2&from=3", []],
    ["?at=2026-11-23T12:00:01Z", [1, 2, 3, 4]],
    ["?limit=2", [1, 2]],
    ["?limit=200", fromTo(1, 9)],
  ])("are chosen by version and moment: %s", async (query, versions) => {
    const hilo = await withEvents(9);
    expect(versionsOf((await hilo.get(path + query)).body.items)).toEqual(versions);
  });

  it.each([1, 2, 3, 4, 200])(
    "come once and whole in pages of %d, to the last one that arrives meanwhile",
    async (limit) => {
      const hilo = await withEvents(9);
      let arriving = 10;
      const pages = await hilo.pages(`${path}?limit=${limit}`, async () => {
        if (arriving <= 12) await hilo.record(stream, received(`m${arriving++}`));
      });
      const seen = pages.flatMap(versionsOf);
      expect(seen).toEqual(fromTo(1, Math.max(9, seen.length)));
      expect(seen.length).toBe(limit === 200 ? 9 : 8 + arriving - 9);
    },
  );

  it("come whole from a log whose own pages are shorter than asked for", async () => {
    const hilo = await withEvents(9);
    const { read } = hilo.store.log;
    hilo.store.log.read = (id, options) => read(id, { ...options, pageSize: 1 });
    const pages = await hilo.pages(`${path}?limit=3`);
    expect(pages.map(versionsOf)).toEqual([fromTo(1, 3), fromTo(4, 6), fromTo(7, 9)]);
  });

  it("up to an instant to come are those there were at the first page", async () => {
    const hilo = await withEvents(5);
    const pages = await hilo.pages(`${path}?limit=2&at=2999-01-01T00:00:00Z`, () =>
      hilo.record(stream, received("later")),
    );
    expect(pages.map(versionsOf)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("can be followed from the version that was reached", async () => {
    const hilo = await withEvents(5);
    const { body } = await hilo.get(path);
    await hilo.record(stream, received("m6"), received("m7"));
    const next = await hilo.get(`${path}?from=${Number(body["version"]) + 1}`);
    expect([versionsOf(next.body.items), next.body["version"]]).toEqual([[6, 7], 7]);
  });

  it("take no cursor that came with another `from` or `at`", async () => {
    const hilo = await withEvents(9);
    const { body } = await hilo.get(`${path}?from=2&at=8&limit=2`);
    const ask = async (query: string) => (await hilo.get(`${path}?${query}&cursor=${body.next}`)).status;
    expect(await ask("from=2&at=8&limit=5")).toBe(200);
    for (const query of ["from=3&at=8", "from=2&at=9", "from=2", "at=8", "limit=2"])
      expect([query, await ask(query)]).toEqual([query, 400]);
  });

  it("of an erased person stay, without a word", async () => {
    const hilo = await withEvents(3);
    await hilo.keys.destroy(parseConversationStream(stream)?.contactId ?? "");
    const { status, body } = await hilo.get(path);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { type: "ConversationStarted" },
      { data: { name: "[erased]", phone: "[erased]" } },
      { data: { messageId: "m3", wamid: "[erased]", content: { type: "text", text: "[erased]" } } },
    ]);
  });
});
