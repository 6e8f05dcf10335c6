import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileMediaStore } from "../clients/file-media-store.ts";
import { memoryKeys } from "../testing/memory-keys.ts";
import { temporaryFolder } from "../testing/temporary.ts";
import { sealedMedia } from "./sealed-media.ts";

const MiB = 1024 * 1024;
const file = (sizeBytes: number) =>
  Buffer.from(Array.from({ length: sizeBytes }, (_, index) => (index * 7) % 253));

const open = () => {
  const folder = temporaryFolder();
  const keys = memoryKeys();
  const files = fileMediaStore(folder);
  return { folder, keys, files, media: sealedMedia(files, keys) };
};

describe("sealed media", () => {
  it.each([1, 1_000, MiB - 1, MiB, MiB + 1, 3 * MiB])("gives back a file of %d bytes", async (sizeBytes) => {
    const { media } = open();
    const key = (await media.put("ana", "m1", file(sizeBytes))) ?? "";
    const found = await media.get({ contactId: "ana", key, sizeBytes }, { from: 0, to: sizeBytes });
    expect(Buffer.compare(found ?? Buffer.alloc(0), file(sizeBytes))).toBe(0);
  });

  it.each([
    [0, 1],
    [MiB - 1, MiB + 1],
    [MiB, 2 * MiB],
    [5, 2 * MiB + 7],
    [2 * MiB + 9, 2 * MiB + 10],
    [2 * MiB, 9 * MiB],
  ])("gives back bytes %d to %d", async (from, to) => {
    const { media } = open();
    const whole = file(2 * MiB + 10);
    const key = (await media.put("ana", "m1", whole)) ?? "";
    const found = await media.get({ contactId: "ana", key, sizeBytes: whole.length }, { from, to });
    expect(Buffer.compare(found ?? Buffer.alloc(0), whole.subarray(from, to))).toBe(0);
  });

  it("shows nothing of a file to who reads the folder, and equal files are not alike", async () => {
    const { media, folder } = open();
    const plain = Buffer.from("the same words again and again");
    await media.put("ana", "m1", plain);
    await media.put("ana", "m2", plain);
    await media.put("ben", "m3", plain);
    const kept = ["ana/m1", "ana/m2", "ben/m3"].map((key) => readFileSync(join(folder, key)));
    expect(kept.some((one) => one.includes("words"))).toBe(false);
    expect(new Set(kept.map((one) => one.toString("hex"))).size).toBe(3);
  });

  it("of an erased person can't be read at once, though the file is still there", async () => {
    const { media, keys, files } = open();
    const key = (await media.put("ana", "m1", Buffer.from("x"))) ?? "";
    await keys.destroy("ana");
    expect(await files.get(key)).toBeDefined();
    expect(await media.get({ contactId: "ana", key, sizeBytes: 1 }, { from: 0, to: 1 })).toBeUndefined();
    expect(await media.put("ana", "m2", Buffer.from("y"))).toBeUndefined();
    expect(await files.get("ana/m2")).toBeUndefined();
  });

  it("notices a file that was cut off between pieces, or put under another's name", async () => {
    const { media, files } = open();
    const key = (await media.put("ana", "m1", file(2 * MiB))) ?? "";
    const sealed = (await files.get(key)) ?? Buffer.alloc(0);
    await files.put("ana/m2", sealed);
    await files.put(key, sealed.subarray(0, sealed.length / 2));
    const get = (of: string, sizeBytes: number) =>
      media.get({ contactId: "ana", key: of, sizeBytes }, { from: 0, to: sizeBytes });
    await expect(get(key, MiB)).rejects.toThrow(Error);
    await expect(get(key, 2 * MiB)).rejects.toThrow(Error);
    await expect(get("ana/m2", 2 * MiB)).rejects.toThrow(Error);
  });
});
