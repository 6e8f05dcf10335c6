import { beforeEach, describe, expect, it } from "vitest";
import type { Keys, Sealer } from "./keys.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (opened: Uint8Array): string => Buffer.from(opened).toString();

/**
 * What every implementation of `Keys` does. `open` gives a new and empty place of keys, as a function that
 * opens it once more, as another process would.
 */
export const keysContract = (name: string, open: () => Promise<() => Promise<Keys>>): void => {
  describe(`${name} as keys`, () => {
    let again: () => Promise<Keys>;
    let keys: Keys;
    beforeEach(async () => {
      again = await open();
      keys = await again();
    });

    const sealerOf = async (subject: string, from = keys): Promise<Sealer> => {
      const sealer = await from.sealer(subject);
      if (!sealer) throw new Error(`the key of ${subject} is destroyed`);
      return sealer;
    };

    describe("a sealer", () => {
      it.each(["", "a", "héllo 😀", "x".repeat(100_000)])("opens what it sealed: %j", async (plain) => {
        const sealer = await sealerOf("ana");
        expect(text(sealer.open(sealer.seal(bytes(plain), "stream@1"), "stream@1"))).toBe(plain);
      });

      it("never seals the same twice alike, nor shows what it sealed", async () => {
        const sealer = await sealerOf("ana");
        const sealed = Array.from({ length: 100 }, () =>
          Buffer.from(sealer.seal(bytes("secret words"), "c")),
        );
        expect(new Set(sealed.map((one) => one.toString("hex"))).size).toBe(100);
        expect(sealed.some((one) => one.includes("secret"))).toBe(false);
      });

      it("opens nothing that was moved to another context", async () => {
        const sealer = await sealerOf("ana");
        const sealed = sealer.seal(bytes("hello"), "stream@1");
        expect(() => sealer.open(sealed, "stream@2")).toThrow(Error);
        expect(() => sealer.open(sealed, "")).toThrow(Error);
      });

      it("opens nothing with any byte changed, missing or added", async () => {
        const sealer = await sealerOf("ana");
        const sealed = sealer.seal(bytes("hello"), "c");
        for (const index of sealed.keys()) {
          const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
          expect(() => sealer.open(changed, "c")).toThrow(Error);
          expect(() => sealer.open(sealed.subarray(0, index), "c")).toThrow(Error);
        }
        expect(() => sealer.open(Buffer.concat([sealed, bytes("x")]), "c")).toThrow(Error);
      });

      it("opens nothing of another subject", async () => {
        const [ana, ben] = [await sealerOf("ana"), await sealerOf("ben")];
        expect(() => ben.open(ana.seal(bytes("hello"), "c"), "c")).toThrow(Error);
      });

      it("is the same for every process, from the first use on", async () => {
        const other = await again();
        const [here, there] = await Promise.all([sealerOf("ana"), sealerOf("ana", other)]);
        expect(text(there.open(here.seal(bytes("hello"), "c"), "c"))).toBe("hello");
        const later = await sealerOf("ana", await again());
        expect(text(later.open(there.seal(bytes("again"), "c"), "c"))).toBe("again");
      });
    });

    describe("a destroyed key", () => {
      it("is gone for every process at once, also where it was just in use", async () => {
        const other = await again();
        await sealerOf("ana");
        await sealerOf("ana", other);
        await other.destroy("ana");
        expect(await keys.sealer("ana")).toBeUndefined();
        expect(await other.sealer("ana")).toBeUndefined();
        expect(await (await again()).sealer("ana")).toBeUndefined();
      });

      it("is never made anew, nor made at all after it was destroyed unused", async () => {
        await keys.destroy("nobody yet");
        expect(await keys.sealer("nobody yet")).toBeUndefined();
        expect(await (await again()).sealer("nobody yet")).toBeUndefined();
      });

      it("may be destroyed again, and leaves the others alone", async () => {
        const ben = await sealerOf("ben");
        await sealerOf("ana");
        await keys.destroy("ana");
        await keys.destroy("ana");
        const later = await sealerOf("ben", await again());
        expect(text(later.open(ben.seal(bytes("hello"), "c"), "c"))).toBe("hello");
      });
    });
  });
};
