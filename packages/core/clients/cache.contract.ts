/** What every `Cache` does. `pass` lets time go by. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Cache } from "./cache.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

export const cacheContract = (
  name: string,
  open: () => Promise<{ cache: Cache; pass: (ms: number) => Promise<void> }>,
): void => {
  let cache: Cache;
  let pass: (ms: number) => Promise<void>;
  beforeEach(async () => void ({ cache, pass } = await open()));
  afterEach(() => cache.close());

  const found = async (key: string): Promise<string | undefined> => {
    const value = await cache.get(key);
    return value && Buffer.from(value).toString("latin1");
  };

  describe(`${name} as a cache`, () => {
    it("has nothing that was never put there", async () => {
      expect(await cache.get("a")).toBeUndefined();
    });

    it("has what was put there, under its own key, and the last of it", async () => {
      await cache.set("a", bytes("1"), 60_000);
      await cache.set("b", bytes("2"), 60_000);
      await cache.set("a", bytes("3"), 60_000);
      expect([await found("a"), await found("b"), await found("c")]).toEqual(["3", "2", undefined]);
    });

    it("keeps bytes as they are, also none, and as many as an item has at most", async () => {
      const all = Uint8Array.from({ length: 400_000 }, (_, at) => at % 251);
      await cache.set("all", all, 60_000);
      await cache.set("none", new Uint8Array(), 60_000);
      expect(Buffer.compare((await cache.get("all")) ?? new Uint8Array(), all)).toBe(0);
      expect(await found("none")).toBe("");
    });

    it("forgets each when its time is over, and not before", async () => {
      await cache.set("short", bytes("1"), 300);
      await cache.set("long", bytes("2"), 60_000);
      expect(await found("short")).toBe("1");
      await pass(400);
      expect([await found("short"), await found("long")]).toEqual([undefined, "2"]);
    });

    it("counts the time anew when a value is put there again", async () => {
      await cache.set("a", bytes("1"), 300);
      await cache.set("a", bytes("2"), 60_000);
      await pass(400);
      expect(await found("a")).toBe("2");
    });

    it("can be used again after it was closed", async () => {
      await cache.close();
      await cache.set("a", bytes("1"), 60_000);
      expect(await found("a")).toBe("1");
    });

    it("answers many at once", async () => {
      const keys = Array.from({ length: 100 }, (_, at) => `key-${at}`);
      await Promise.all(keys.map((key) => cache.set(key, bytes(key), 60_000)));
      expect(await Promise.all(keys.map(found))).toEqual(keys);
    });
  });
};
