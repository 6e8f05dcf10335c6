import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ZodError } from "zod";
import type { StoredItem, ViewChange, ViewStore } from "./view-store.ts";

const view = "conversation-list@1";

const item = (key: string, sort?: string, partition = "open"): StoredItem => ({
  key,
  body: Buffer.from(`body of ${key}`),
  ...(sort !== undefined && { index: { partition, sort } }),
});

const change = (
  stream: string,
  expectedVersion: number,
  put: StoredItem[],
  remove: string[] = [],
): ViewChange => ({
  stream,
  subject: `subject of ${stream}`,
  expectedVersion,
  version: expectedVersion + 1,
  put,
  remove,
});

/** What every implementation of `ViewStore` does. `open` gives an empty one. */
export const viewStoreContract = (name: string, open: () => Promise<ViewStore>): void => {
  describe(`${name} as a view store`, () => {
    let store: ViewStore;
    beforeEach(async () => {
      store = await open();
    });

    const put = async (stream: string, ...items: StoredItem[]) => {
      const version = await store.version(view, stream);
      expect(await store.write(view, change(stream, version, items))).toBe(true);
    };
    const keys = async (stream: string, generation = view) =>
      (await store.items(generation, stream, "all")).map(({ key }) => key);
    const pageKeys = async (options: Parameters<ViewStore["page"]>[2]) =>
      (await store.page(view, "s", options)).map(({ key }) => key);
    const listAll = async (limit: number, partition = "open", between?: () => Promise<void>) => {
      const pages: string[][] = [];
      for (let after: string | undefined, done = false; !done;) {
        const { items, next } = await store.list(view, {
          partition,
          limit,
          ...(after !== undefined && { after }),
        });
        pages.push(items.map(({ stream, key }) => `${stream}/${key}`));
        after = next;
        done = next === undefined;
        if (pages.length > 100) throw new Error("the list has no end");
        await between?.();
      }
      return pages;
    };

    it("fills a generation with whole groups that read, list and go on as if written one by one", async () => {
      const other = "conversation-list@2";
      const groups = [
        { ...change("a", 0, [item("only", "1")]), version: 7 },
        {
          ...change(
            "b",
            0,
            Array.from({ length: 60 }, (_, n) => item(`k${n}`, `${n}`)),
          ),
          version: 9,
        },
        { ...change("c", 0, []), version: 3 },
      ];
      await store.fill(other, groups);
      await put("b", item("of another generation"));
      expect((await store.versions(other)).groups).toEqual(
        groups.map(({ stream, version }) => ({ stream, version })),
      );
      expect(await keys("a", other)).toEqual(["only"]);
      expect(await keys("b", other)).toHaveLength(60);
      expect(await keys("c", other)).toEqual([]);
      const listed = await store.list(other, { partition: "open", limit: 100 });
      expect(listed.items).toHaveLength(61);
      const next = { ...change("b", 9, [item("k0", "99")], ["k1"]), version: 10 };
      expect(await store.write(other, change("b", 0, []))).toBe(false);
      expect(await store.write(other, next)).toBe(true);
      expect(await keys("b", other)).toHaveLength(59);
      expect(await store.version(other, "b")).toBe(10);
    });

    describe("a group", () => {
      it("that was never written is at version 0 and empty", async () => {
        expect(await store.version(view, "s")).toBe(0);
        expect(await store.items(view, "s", "all")).toEqual([]);
        expect(await store.items(view, "s", ["a"])).toEqual([]);
        expect(await pageKeys({ direction: "forwards", limit: 5 })).toEqual([]);
      });

      it("reads back what was written, byte for byte", async () => {
        const items = [
          { key: "a", body: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
          { key: "b", body: new Uint8Array(), index: { partition: "open", sort: "1" } },
        ];
        await store.write(view, change("s", 0, items));
        const read = await store.items(view, "s", "all");
        expect(read.map((one) => ({ ...one, body: Buffer.from(one.body).toString("hex") }))).toEqual(
          items.map((one) => ({ ...one, body: Buffer.from(one.body).toString("hex") })),
        );
      });

      it("gives the wanted items that exist, and all in order of key", async () => {
        await put("s", item("c"), item("a"), item("b"));
        expect(await keys("s")).toEqual(["a", "b", "c"]);
        const wanted = await store.items(view, "s", ["c", "nothing", "a"]);
        expect(wanted.map(({ key }) => key).toSorted()).toEqual(["a", "c"]);
        expect(await store.items(view, "s", [])).toEqual([]);
      });

      it("is told apart by stream and by generation", async () => {
        await put("s", item("a"));
        expect(await keys("t")).toEqual([]);
        expect(await keys("s", "conversation-list@2")).toEqual([]);
        expect(await store.version("conversation-list@2", "s")).toBe(0);
      });

      it("replaces, adds and removes items with each change", async () => {
        await put("s", item("a", "1"), item("b", "2"));
        const replaced = { key: "a", body: Buffer.from("new") };
        await store.write(view, change("s", 1, [replaced, item("c"), item("d")], ["b", "c", "nothing"]));
        expect(await keys("s")).toEqual(["a", "c", "d"]);
        const [a] = await store.items(view, "s", ["a"]);
        expect(Buffer.from(a?.body ?? []).toString()).toBe("new");
        expect(a?.index).toBeUndefined();
        expect(await listAll(10)).toEqual([[]]);
      });
    });

    describe("the version gate", () => {
      it.each([
        { stands: 0, expected: 0, written: true },
        { stands: 0, expected: 1, written: false },
        { stands: 1, expected: 0, written: false },
        { stands: 1, expected: 1, written: true },
        { stands: 1, expected: 2, written: false },
        { stands: 2, expected: 1, written: false },
      ])(
        "a group at $stands, expected at $expected, is written: $written",
        async ({ stands, expected, written }) => {
          for (let version = 0; version < stands; version += 1) await put("s", item("kept", "1"));
          const changed = change("s", expected, [item("new", "2")], ["kept"]);
          expect(await store.write(view, { ...changed, version: 7 })).toBe(written);
          expect(await store.version(view, "s")).toBe(written ? 7 : stands);
          const kept = stands > 0 ? ["kept"] : [];
          expect(await keys("s")).toEqual(written ? ["new"] : kept);
        },
      );

      it("lets exactly one of many racers through each version", async () => {
        for (let version = 0; version < 3; version += 1) {
          const racers = Array.from({ length: 20 }, (_, racer) =>
            store.write(view, change("s", version, [item(`${version}-${racer}`)])),
          );
          expect((await Promise.all(racers)).filter(Boolean)).toHaveLength(1);
        }
        expect(await keys("s")).toHaveLength(3);
      });

      it("writes all of a change or none", async () => {
        await put("s", item("a"));
        const broken = { key: "c", body: undefined as unknown as Uint8Array };
        await expect(store.write(view, change("s", 1, [item("b"), broken], ["a"]))).rejects.toThrow(Error);
        expect(await store.version(view, "s")).toBe(1);
        expect(await keys("s")).toEqual(["a"]);
      });
    });

    describe("a page of a group", () => {
      beforeEach(() => put("s", item("a"), item("b"), item("c"), item("d"), item("é"), item("😀")));

      it.each([
        { direction: "forwards", limit: 2, expected: ["a", "b"] },
        { direction: "backwards", limit: 2, expected: ["😀", "é"] },
        { direction: "forwards", limit: 2, after: "b", expected: ["c", "d"] },
        { direction: "backwards", limit: 2, before: "c", expected: ["b", "a"] },
        { direction: "forwards", limit: 9, after: "a", before: "d", expected: ["b", "c"] },
        { direction: "backwards", limit: 1, after: "a", before: "d", expected: ["c"] },
        { direction: "forwards", limit: 9, after: "d", expected: ["é", "😀"] },
        { direction: "forwards", limit: 9, after: "😀", expected: [] },
        { direction: "backwards", limit: 9, before: "a", expected: [] },
        { direction: "forwards", limit: 9, after: "bb", before: "cc", expected: ["c"] },
      ] as const)(
        "$direction at most $limit after $after before $before: $expected",
        async ({ expected, ...options }) => {
          expect(await pageKeys(options)).toEqual(expected);
        },
      );
    });

    describe("a list", () => {
      it("has the greatest sort first, with what it takes to open each item", async () => {
        await put("s", item("a", "2026-01"), item("unlisted"));
        await put("t", item("a", "2026-03"), item("b", "2026-02", "closed"));
        const { items, next } = await store.list(view, { partition: "open", limit: 10 });
        expect(next).toBeUndefined();
        expect(items.map((one) => ({ ...one, body: Buffer.from(one.body).toString() }))).toEqual([
          { stream: "t", key: "a", subject: "subject of t", body: "body of a" },
          { stream: "s", key: "a", subject: "subject of s", body: "body of a" },
        ]);
      });

      it("names the subject that an item was last written for", async () => {
        await put("s", item("a", "1"));
        await store.write(view, { ...change("s", 1, [item("a", "1")]), subject: "another" });
        const { items } = await store.list(view, { partition: "open", limit: 1 });
        expect(items.map(({ subject }) => subject)).toEqual(["another"]);
      });

      it("of another partition or generation is another list", async () => {
        await put("s", item("a", "1"));
        expect(await listAll(10, "closed")).toEqual([[]]);
        expect(await store.list("conversation-list@2", { partition: "open", limit: 10 })).toEqual({
          items: [],
        });
      });

      it.each([1, 2, 3, 4, 5, 6])("comes whole in pages of %i, also where sorts tie", async (limit) => {
        await put("s", item("a", "1"), item("b", "1"), item("c", "2"));
        await put("t", item("a", "1"), item("b", "0"));
        const pages = await listAll(limit);
        expect(pages.flat()).toEqual(["s/c", "t/a", "s/b", "s/a", "t/b"]);
        expect(pages).toHaveLength(Math.ceil(5 / limit));
      });

      it("moves an item when its sort or partition changes", async () => {
        await put("s", item("a", "1"), item("b", "2"), item("c", "3"));
        await put("s", item("a", "4"), item("b", "2", "closed"));
        expect(await listAll(10)).toEqual([["s/a", "s/c"]]);
        expect(await listAll(10, "closed")).toEqual([["s/b"]]);
      });

      it("gives what stays where it is exactly once while others come and go", async () => {
        await put("s", ...["1", "2", "3", "4", "5"].map((sort) => item(sort, sort)));
        await put("gone", item("x", "25"), item("y", "45"));
        let round = 0;
        const pages = await listAll(2, "open", async () => {
          round += 1;
          await put(`new ${round}`, item("x", "9"));
          if (round === 1) await store.write(view, change("gone", 1, [], ["x", "y"]));
        });
        expect(pages.flat().filter((key) => key.startsWith("s/"))).toEqual([
          "s/5",
          "s/4",
          "s/3",
          "s/2",
          "s/1",
        ]);
      });

      it("refuses an `after` that is no cursor", async () => {
        await expect(store.list(view, { partition: "open", limit: 1, after: "nonsense" })).rejects.toThrow(
          ZodError,
        );
      });

      it("is the sorted set of all items, in pages of any size", { timeout: 60_000 }, async () => {
        const text = fc.string({
          minLength: 1,
          maxLength: 2,
          unit: fc.constantFrom("a", "b", ".", "é", "😀", "\u{ffff}"),
        });
        const items = fc.uniqueArray(fc.tuple(text, text, text), {
          maxLength: 12,
          selector: ([, s, k]) => `${s}\n${k}`,
        });
        await fc.assert(
          fc.asyncProperty(items, fc.integer({ min: 1, max: 5 }), async (positions, limit) => {
            store = await open();
            for (const [sort, stream, key] of positions) await put(stream, item(key, sort));
            const descending = positions.toSorted((a, b) =>
              b.reduce(
                (order, part, index) =>
                  order || Buffer.compare(Buffer.from(part), Buffer.from(a[index] ?? "")),
                0,
              ),
            );
            expect((await listAll(limit)).flat()).toEqual(
              descending.map(([, stream, key]) => `${stream}/${key}`),
            );
          }),
          { numRuns: 50 },
        );
      });
    });

    describe("versions", () => {
      it("are those of every group, in order of stream", async () => {
        await put("t", item("a"));
        await put("s");
        await put("s");
        expect(await store.versions(view)).toEqual({
          groups: [
            { stream: "s", version: 2 },
            { stream: "t", version: 1 },
          ],
        });
        expect(await store.versions("conversation-list@2")).toEqual({ groups: [] });
      });

      it("come in pages", { timeout: 60_000 }, async () => {
        const streams = Array.from({ length: 1_234 }, (_, number) => `s-${String(number).padStart(4, "0")}`);
        for (const stream of streams) await store.write(view, change(stream, 0, []));
        const read: string[] = [];
        for (let after: string | undefined, done = false; !done;) {
          const { groups, next } = await store.versions(view, after);
          read.push(...groups.map(({ stream }) => stream));
          after = next;
          done = next === undefined;
        }
        expect(read).toEqual(streams);
      });
    });

    describe("generations", () => {
      const next = "conversation-list@2";
      const other = "conversation-list-of-agents@1";

      beforeEach(async () => {
        for (const generation of [view, next, other])
          await store.write(generation, change("s", 0, [item(`of ${generation}`, "1")]));
      });

      it("begin with 1", async () => {
        expect(await store.current("conversation-list")).toBe(view);
      });

      it("are cleared one at a time", async () => {
        await store.clear(view);
        expect(await store.version(view, "s")).toBe(0);
        expect(await keys("s")).toEqual([]);
        expect(await listAll(10)).toEqual([[]]);
        expect(await store.versions(view)).toEqual({ groups: [] });
        expect(await keys("s", next)).toHaveLength(1);
        expect(await keys("s", other)).toHaveLength(1);
      });

      it("are promoted, which deletes the one before and nothing else", async () => {
        await store.promote("conversation-list", next);
        expect(await store.current("conversation-list")).toBe(next);
        expect(await store.current("conversation-list-of-agents")).toBe(other);
        expect(await store.version(view, "s")).toBe(0);
        expect(await keys("s")).toEqual([]);
        expect(await keys("s", next)).toHaveLength(1);
        expect(await keys("s", other)).toHaveLength(1);
      });

      it("may be promoted again and again", async () => {
        await store.promote("conversation-list", next);
        await store.promote("conversation-list", next);
        expect(await keys("s", next)).toHaveLength(1);
        await store.promote("conversation-list", "conversation-list@3");
        expect(await store.current("conversation-list")).toBe("conversation-list@3");
        expect(await keys("s", next)).toEqual([]);
      });

      it("are not promoted to another view", async () => {
        await expect(store.promote("conversation-list", other)).rejects.toThrow("no generation");
        expect(await store.current("conversation-list")).toBe(view);
        expect(await keys("s")).toHaveLength(1);
      });
    });
  });
};
