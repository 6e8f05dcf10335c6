import { ownerFolder, type MediaStore } from "../clients/media-store.ts";

/** Files that are gone with the process. */
export const memoryMediaStore = (files: Map<string, Uint8Array>): MediaStore => ({
  async put(key, bytes) {
    files.set(key, Uint8Array.from(bytes));
  },
  get: async (key, range) => files.get(key)?.subarray(range?.from, range?.to),
  async delete(key) {
    files.delete(key);
  },
  async deleteOf(owner) {
    const folder = ownerFolder(owner);
    for (const key of files.keys()) if (key.startsWith(folder)) files.delete(key);
  },
});
