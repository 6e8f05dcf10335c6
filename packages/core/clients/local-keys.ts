import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { aesGcm } from "./aes-gcm.ts";
import type { Keys, Sealer } from "./keys.ts";
import { recently, type Recently } from "./recently.ts";

/** A key that is NULL is destroyed: the row stays, so that the subject never gets another. */
const schema = `
  CREATE TABLE IF NOT EXISTS data_keys (
    subject TEXT PRIMARY KEY,
    wrapped BLOB
  ) STRICT, WITHOUT ROWID;
`;

const keyBytes = 32;

/** Unwrapped keys that are kept at hand. */
const sealersMax = 1_000;

/** The keys of this database were wrapped by another master key, or have been tampered with. */
export class WrongMasterKey extends Error {
  override name = "WrongMasterKey";
}

/** The key is destroyed, but its wrapped form may still stand in the write-ahead log. Destroying again clears it. */
export class KeyRemains extends Error {
  override name = "KeyRemains";
}

/** The master key that a file holds, made on first use, readable by its owner only. Racing processes agree on one. */
export const masterKey = (path: string): Uint8Array => {
  if (!existsSync(path)) makeKeyFile(path);
  const key = readFileSync(path);
  if (key.length !== keyBytes)
    throw new WrongMasterKey(
      `${path} holds ${key.length} bytes, not a key of ${keyBytes}: put the right file back (HILO_DATA_DIR)`,
    );
  return key;
};

/** Complete and on disk before it gets its name; whoever links first has made the key. */
const makeKeyFile = (path: string): void => {
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, randomBytes(keyBytes), { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    unlinkSync(draft);
  }
};

/** A name survives a power cut only once its folder is on disk. Windows has no such call. */
const syncFolder = (folder: string): void => {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
};

export type LocalKeysOptions = {
  db: DatabaseSync;
  masterKey: Uint8Array;
  /** Runs work on the database, durable when it resolves, maybe together with other work of the same moment. */
  grouped?: <Result>(work: () => Result) => Promise<Result>;
};

/**
 * Data keys wrapped by a master key of 32 bytes. The database must be opened `full` (a key that is lost takes
 * all that it sealed with it) and overwrite what it deletes, as `openSqlite` has it. Throws `WrongMasterKey`.
 */
export const localKeys = ({ db, masterKey, grouped = async (work) => work() }: LocalKeysOptions): Keys => {
  db.exec(schema);
  const sql = statements(db);
  const master = aesGcm(masterKey);
  const sealers = recentSealers(() => Number(sql.dataVersion.get()?.["data_version"]));

  const unwrap = (subject: string, wrapped: Uint8Array): Sealer => {
    try {
      return aesGcm(master.open(wrapped, subject));
    } catch (cause) {
      throw new WrongMasterKey(`the master key does not open the key of ${subject}`, { cause });
    }
  };

  /** Undefined when there is none; null when it is destroyed. */
  const stored = (subject: string): Sealer | null | undefined => {
    const row = sql.find.get(subject);
    if (!row) return undefined;
    return row["wrapped"] instanceof Uint8Array ? unwrap(subject, row["wrapped"]) : null;
  };

  const make = (subject: string) =>
    grouped(() => sql.insert.run(subject, master.seal(randomBytes(keyBytes), subject)));

  const anyKey = sql.any.get();
  if (anyKey?.["wrapped"] instanceof Uint8Array) unwrap(String(anyKey["subject"]), anyKey["wrapped"]);

  return {
    async sealer(subject) {
      // those of before the file is read: what another connection changes after it makes them out of date
      const recent = sealers();
      const known = recent.get(subject);
      if (known) return known;
      let found = stored(subject);
      if (found === undefined) {
        await make(subject);
        // Another process may have been first, and somebody may have destroyed it: from here on nothing comes between.
        found = stored(subject);
      }
      return found ? recent.keep(subject, found) : undefined;
    },

    async destroy(subject) {
      sealers().drop(subject);
      sql.destroy.run(subject);
      // Waits for readers of the log as long as the connection's busy timeout.
      const busy = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"];
      if (busy !== 0) throw new KeyRemains(`the key of ${subject} is destroyed, but still in the log`);
    },
  };
};

const statements = (db: DatabaseSync) => ({
  find: db.prepare("SELECT wrapped FROM data_keys WHERE subject = ?"),
  any: db.prepare("SELECT subject, wrapped FROM data_keys WHERE wrapped IS NOT NULL LIMIT 1"),
  insert: db.prepare("INSERT INTO data_keys (subject, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING"),
  destroy: db.prepare("INSERT INTO data_keys (subject) VALUES (?) ON CONFLICT DO UPDATE SET wrapped = NULL"),
  dataVersion: db.prepare("PRAGMA data_version"),
});

/** Unwrapped keys at hand, none of them from before another connection changed the file. */
const recentSealers = (dataVersion: () => number) => {
  let version = dataVersion();
  let sealers = recently<Sealer>({ max: sealersMax });
  return (): Recently<Sealer> => {
    const now = dataVersion();
    if (now !== version) sealers = recently<Sealer>({ max: sealersMax });
    version = now;
    return sealers;
  };
};
