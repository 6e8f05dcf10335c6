import type { Cache } from "#core/clients/cache.ts";
import { memoryCache } from "#core/clients/memory-cache.ts";
import { valkeyCache } from "#core/clients/valkey-cache.ts";
import { type Log, settingFault } from "./log.ts";

/** The Valkey at `HILO_CACHE_URL`, whose client is loaded at the first use; this process's memory without one. */
export const openCache = (url: string, { clock, log }: { clock: () => Date; log: Log }): Cache =>
  url === ""
    ? memoryCache({ clock })
    : valkeyCache({
        url,
        clock,
        report: (fault) => log("warn", "the cache is left alone", settingFault("HILO_CACHE_URL", fault)),
      });
