import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Cache } from "./cache.ts";

export type ValkeyCacheOptions = {
  /** `redis://` or, encrypted, `rediss://`. */
  url: string;
  clock: () => Date;
  /** Told why the cache was left alone, at most once in `pauseMs`. */
  report?: (fault: unknown) => void;
  timeoutMs?: number;
  pauseMs?: number;
};

/** Longer than this and reading the view is as quick. To connect may take five times as long. */
export const cacheTimeoutMs = 100;
/** For so long, a cache that failed is not asked again. */
export const cachePauseMs = 5_000;

/**
 * Valkey, or whatever speaks its protocol, such as ElastiCache. The client is loaded and connects at the first use;
 * what fails or is late counts as not there, and then the cache is left alone for a while.
 */
export const valkeyCache = ({
  url,
  clock,
  report,
  timeoutMs = cacheTimeoutMs,
  pauseMs = cachePauseMs,
}: ValkeyCacheOptions): Cache => {
  let connecting: Promise<Redis> | undefined;
  let pausedUntilMs = 0;

  const connect = async (): Promise<Redis> => {
    const { Redis } = await import("ioredis");
    const client = new Redis(url, {
      lazyConnect: true,
      commandTimeout: timeoutMs,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      // connected anew by whoever asks next
      retryStrategy: () => null,
    });
    // whoever waits for it is told; without a listener, it would end the process
    let because: unknown;
    client.on("error", (error: unknown) => (because = error));
    try {
      await within(timeoutMs * 5, client.connect());
      return client;
    } catch (fault) {
      client.disconnect();
      // what `connect` rejects with says only that it is closed
      throw because ?? fault;
    }
  };

  const disconnect = async (): Promise<void> => {
    const client = await connecting?.catch(() => undefined);
    connecting = undefined;
    client?.disconnect();
  };

  const attempt = async <Result>(use: (client: Redis) => Promise<Result>): Promise<Result | undefined> => {
    if (clock().getTime() < pausedUntilMs) return undefined;
    try {
      connecting ??= connect();
      return await use(await connecting);
    } catch (fault) {
      if (clock().getTime() >= pausedUntilMs) report?.(fault);
      pausedUntilMs = clock().getTime() + pauseMs;
      await disconnect();
      return undefined;
    }
  };

  return {
    get: async (key) => (await attempt((client) => client.getBuffer(key))) ?? undefined,
    async set(key, value, ttlMs) {
      await attempt((client) => client.set(key, Buffer.from(value), "PX", ttlMs));
    },
    close: disconnect,
  };
};

/** The client's own limit ends when a connection is made, and a server may take it and say nothing. */
const within = async (ms: number, work: Promise<void>): Promise<void> => {
  const inTime = new AbortController();
  const late = sleep(ms, undefined, { signal: inTime.signal }).then(() => {
    throw new Error(`not connected within ${ms} ms`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    inTime.abort();
  }
};
