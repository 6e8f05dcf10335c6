import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, temporarySqlite, temporarySqliteFile } from "../testing/temporary.ts";
import { isConstraintError, openSqlite, transaction } from "./sqlite.ts";

const pragma = (database: ReturnType<typeof temporarySqlite>, name: string) =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];

test.each([
  { durability: "full", synchronous: 2 },
  { durability: "normal", synchronous: 1 },
] as const)(
  "a file of $durability durability is opened for several processes",
  ({ durability, synchronous }) => {
    const database = openSqlite(join(temporaryFolder(), "a new folder", "a.db"), { durability });
    expect(pragma(database, "journal_mode")).toBe("wal");
    expect(pragma(database, "synchronous")).toBe(synchronous);
    expect(pragma(database, "busy_timeout")).toBe(5_000);
    expect(pragma(database, "secure_delete")).toBe(1);
    expect(pragma(database, "foreign_keys")).toBe(1);
    database.close();
  },
);

test("a transaction is kept whole, or not at all where it throws", () => {
  const database = temporarySqliteFile();
  database.exec("CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT");
  const insert = database.prepare("INSERT INTO numbers VALUES (?)");
  const count = () => database.prepare("SELECT count(*) AS count FROM numbers").get()?.["count"];
  expect(transaction(database, () => [insert.run(1), insert.run(2)].length)).toBe(2);
  expect(() => transaction(database, () => [insert.run(3), insert.run(1)])).toThrow(/UNIQUE/);
  expect(count()).toBe(2);
  expect(database.isTransaction).toBe(false);
});

test("a taken key is a constraint error; a missing value and other errors are not", () => {
  const database = temporarySqlite();
  database.exec("CREATE TABLE t (key TEXT PRIMARY KEY, other TEXT UNIQUE, needed TEXT NOT NULL) STRICT");
  const insert = (key: string, other: string, needed: string | null) => {
    try {
      return database.prepare("INSERT INTO t VALUES (?, ?, ?)").run(key, other, needed).changes;
    } catch (error) {
      return isConstraintError(error);
    }
  };
  expect(insert("a", "a", "")).toBe(1);
  expect(insert("a", "b", "")).toBe(true);
  expect(insert("b", "a", "")).toBe(true);
  expect(insert("b", "b", null)).toBe(false);
  expect(isConstraintError(new Error("UNIQUE constraint failed"))).toBe(false);
  expect(isConstraintError(undefined)).toBe(false);
});
