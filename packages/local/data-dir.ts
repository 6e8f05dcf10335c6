import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Only one server may work on a data directory; the CLI may look in at any time. */
export class DataDirInUse extends Error {
  override name = "DataDirInUse";
}

const ours = /^(events|people|work|simulator)\.db(-wal|-shm)?$|^master\.key$/;

/**
 * Takes the directory for this process, making it where missing, until the returned function is called. The
 * claim is a lock of the operating system's on a file, so it ends with the process, however that ends.
 */
export const claimDataDir = (dataDir: string): (() => void) => {
  mkdirSync(dataDir, { recursive: true });
  const lock = new DatabaseSync(join(dataDir, "lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch {
    throw new DataDirInUse(
      `another Hilo is running on ${dataDir}: stop it, or choose another with HILO_DATA_DIR`,
    );
  }
  return () => lock.close();
};

/** Deletes what Hilo keeps in a claimed directory, and nothing else that may be there. */
export const emptyDataDir = (dataDir: string): void => {
  for (const name of readdirSync(dataDir)) if (ours.test(name)) rmSync(join(dataDir, name));
};
