import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ownerFolder, type MediaStore } from "./media-store.ts";

/** Files in a folder, one folder of them per owner. */
export const fileMediaStore = (folder: string): MediaStore => ({
  async put(key, bytes) {
    const path = join(folder, key);
    const draft = `${path}.${randomUUID()}`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeDurably(draft, bytes);
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  },

  async get(key, range) {
    const path = join(folder, key);
    return unlessMissing(range ? readRange(path, range.from, range.to - range.from) : readFile(path));
  },

  delete: (key) => rm(join(folder, key), { force: true }),
  deleteOf: (owner) => rm(join(folder, ownerFolder(owner)), { recursive: true, force: true }),
});

const writeDurably = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
};

const readRange = async (path: string, from: number, length: number): Promise<Uint8Array> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const unlessMissing = async (reading: Promise<Uint8Array>): Promise<Uint8Array | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
};
