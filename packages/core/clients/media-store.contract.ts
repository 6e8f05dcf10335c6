import { beforeEach, describe, expect, it } from "vitest";
import type { MediaStore } from "./media-store.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** What every implementation of `MediaStore` does. `open` gives an empty one. */
export const mediaStoreContract = (name: string, open: () => Promise<MediaStore>): void => {
  describe(`${name} as a media store`, () => {
    let store: MediaStore;
    beforeEach(async () => {
      store = await open();
    });

    const text = async (...asked: Parameters<MediaStore["get"]>) => {
      const found = await store.get(...asked);
      return found && Buffer.from(found).toString();
    };

    it("gives back what was put, byte for byte", async () => {
      const every = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
      await store.put("ana/photo", every);
      expect(Buffer.compare((await store.get("ana/photo")) ?? bytes(""), every)).toBe(0);
    });

    it("has nothing under a key that nothing was put under", async () => {
      await store.put("ana/photo", bytes("x"));
      expect(await store.get("ana/other")).toBeUndefined();
      expect(await store.get("ben/photo")).toBeUndefined();
      expect(await store.get("ben/photo", { from: 0, to: 5 })).toBeUndefined();
    });

    it("keeps what is put last", async () => {
      await store.put("ana/photo", bytes("longer than the next"));
      await store.put("ana/photo", bytes("next"));
      expect(await text("ana/photo")).toBe("next");
    });

    it("is whole under racing puts of one key", async () => {
      const sent = ["a", "b", "c", "d"].map((letter) => letter.repeat(100_000));
      await Promise.all(sent.map((one) => store.put("ana/photo", bytes(one))));
      expect(sent).toContain(await text("ana/photo"));
    });

    it.each([
      { from: 0, to: 1, is: "0" },
      { from: 0, to: 10, is: "0123456789" },
      { from: 3, to: 7, is: "3456" },
      { from: 8, to: 20, is: "89" },
      { from: 10, to: 12, is: "" },
    ])("gives bytes $from to $to of ten", async ({ is, ...range }) => {
      await store.put("ana/photo", bytes("0123456789"));
      expect(await text("ana/photo", range)).toBe(is);
    });

    it("deletes one, and again", async () => {
      await store.put("ana/photo", bytes("x"));
      await store.put("ana/photo2", bytes("y"));
      await store.delete("ana/photo");
      await store.delete("ana/photo");
      expect(await store.get("ana/photo")).toBeUndefined();
      expect(await text("ana/photo2")).toBe("y");
    });

    it("deletes all of one owner and of nobody else, and again", async () => {
      for (const key of ["ana/photo", "ana/voice", "ana2/photo", "ben/photo"])
        await store.put(key, bytes(key));
      await store.deleteOf("ana");
      await store.deleteOf("ana");
      expect(await store.get("ana/photo")).toBeUndefined();
      expect(await store.get("ana/voice")).toBeUndefined();
      expect(await text("ana2/photo")).toBe("ana2/photo");
      expect(await text("ben/photo")).toBe("ben/photo");
    });

    it.each(["", "..", "a/b", "ana.", "x".repeat(65)])("knows no owner %j", async (owner) => {
      await expect((async () => store.deleteOf(owner))()).rejects.toThrow(RangeError);
    });
  });
};
