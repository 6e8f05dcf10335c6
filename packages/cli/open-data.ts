import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "#core/config.ts";
import { openStores, type Stores } from "#local/stores.ts";
import { Failure } from "./errors.ts";

/** Opens the data that is there; it makes none. Throws `Failure` where there is none. */
export const withStores = async <Result>(
  { HILO_DATA_DIR }: Pick<Config, "HILO_DATA_DIR">,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> => {
  const missing = ["events.db", "people.db", "master.key"].filter(
    (name) => !existsSync(join(HILO_DATA_DIR, name)),
  );
  if (missing.length === 3)
    throw new Failure(
      `there is no Hilo data in ${resolve(HILO_DATA_DIR)}: start Hilo once with npm start, or name another directory with --data-dir`,
    );
  // Opening would make a new one, and a new master key opens nothing.
  if (missing.length > 0)
    throw new Failure(
      `${resolve(HILO_DATA_DIR)} lacks ${missing.join(" and ")}: put it back from your backup`,
    );
  const stores = openStores(HILO_DATA_DIR);
  try {
    return await work(stores);
  } finally {
    stores.close();
  }
};
