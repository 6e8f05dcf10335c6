import { accessSync, constants, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The data directory can't be had: the message says why. */
export class DataDirUnusable extends Error {
  override name = "DataDirUnusable";
}

const ours = /^(events|people|work|simulator)\.db(-wal|-shm)?$|^master\.key$|^media$/;

/**
 * Takes the directory for this process (only one server may work on it; the CLI may look in at any time), making it where missing, until the returned function is called. The
 * claim is a lock of the operating system's on a file, so it ends with the process, however that ends.
 */
export const claimDataDir = (dataDir: string): (() => void) => {
  makeFolder(dataDir);
  const lock = new DatabaseSync(join(dataDir, "lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch {
    throw new DataDirUnusable(
      `another Hilo is running on ${dataDir}: stop it, or choose another with HILO_DATA_DIR`,
    );
  }
  return () => lock.close();
};

const makeFolder = (dataDir: string): void => {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch {
    throw new DataDirUnusable(`HILO_DATA_DIR: ${dataDir} is no folder that Hilo can write in`);
  }
};

/** Deletes what Hilo keeps in a claimed directory, and nothing else that may be there. */
export const emptyDataDir = (dataDir: string): void => {
  for (const name of readdirSync(dataDir))
    if (ours.test(name)) rmSync(join(dataDir, name), { recursive: true });
};
