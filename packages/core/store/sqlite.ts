import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The path of a database that lives as long as its connection. */
const inMemory = ":memory:";

/** How long a statement waits for another connection's lock before it throws. */
const busyTimeoutMs = 5_000;

/** The write-ahead log is cut back to this after a checkpoint. */
const walBytesMax = 64 * 1024 * 1024;

/** SQLITE_BUSY, with its extended forms in the higher bits. */
const busyCode = 5;

/** Constraint errors that mean "that key is taken": UNIQUE, PRIMARY KEY, ROWID (sqlite.org/rescode.html). */
const duplicateKeyCodes = [2067, 1555, 2579];

/**
 * Opens a file (its folder is made where missing) or `":memory:"`. Several connections and processes may
 * hold one file. `full` survives a power cut, for what nothing else can restore; `normal` may then lose the
 * newest transactions, never their order. What is deleted is overwritten with zeros.
 */
export const openSqlite = (path: string, { durability }: { durability: "full" | "normal" }): DatabaseSync => {
  if (path !== inMemory) mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  useWriteAheadLog(database);
  database.exec(`
    PRAGMA synchronous = ${durability};
    PRAGMA fullfsync = ${durability === "full" ? 1 : 0};
    PRAGMA secure_delete = ON;
    PRAGMA journal_size_limit = ${walBytesMax};
  `);
  return database;
};

/**
 * Runs `work` in one write transaction: all of it or, where it throws, nothing. It takes the write lock
 * first, so that what it reads stays true. `work` cannot await, nor open a transaction of its own.
 */
export const transaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // Some errors (disk full, I/O) have rolled back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
};

/** Runs `work` within a transaction: where it throws, nothing of it is left, and the rest of the transaction stands. */
export const savepoint = <Result>(database: DatabaseSync, work: () => Result): Result => {
  database.exec("SAVEPOINT work");
  try {
    const result = work();
    database.exec("RELEASE work");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK TO work; RELEASE work");
    throw error;
  }
};

/** Whether a statement failed because its key is taken. node:sqlite has one `code` for all errors. */
export const isConstraintError = (error: unknown): boolean => duplicateKeyCodes.includes(resultCode(error));

/**
 * The first switch of a new file does not heed the busy timeout when two processes attempt it at once
 * (seen in 3 of 120 openings); once one has succeeded, it holds for good.
 */
const useWriteAheadLog = (database: DatabaseSync): void => {
  const giveUpAtMs = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      return database.exec("PRAGMA journal_mode = WAL");
    } catch (error) {
      if ((resultCode(error) & 0xff) !== busyCode || performance.now() > giveUpAtMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
};

const resultCode = (error: unknown): number =>
  error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
