import type { Cache } from "./cache.ts";

/** What all values together may take, in bytes. */
export const cacheBytesMax = 32 * 1_024 * 1_024;

/** Within one process. Of too much, the least recently used goes first. */
export const memoryCache = ({
  clock,
  bytesMax = cacheBytesMax,
}: {
  clock: () => Date;
  bytesMax?: number;
}): Cache => {
  const kept = new Map<string, { value: Uint8Array; untilMs: number }>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= kept.get(key)?.value.length ?? 0;
    kept.delete(key);
  };
  return {
    async get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      if (found.untilMs <= clock().getTime()) {
        drop(key);
        return undefined;
      }
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },

    async set(key, value, ttlMs) {
      drop(key);
      kept.set(key, { value, untilMs: clock().getTime() + ttlMs });
      bytes += value.length;
      for (const oldest of kept.keys()) {
        if (bytes <= bytesMax) return;
        drop(oldest);
      }
    },

    async close() {},
  };
};
