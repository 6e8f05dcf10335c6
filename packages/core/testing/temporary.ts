/** What a test may leave behind: nothing. Call these within a test or its `beforeEach`. */
import { mkdtempSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openSqlite } from "../store/sqlite.ts";

/** An empty folder, gone when the test ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "hilo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A connection that is closed when the test ends; without a path, to a database in memory. */
export const temporarySqlite = (path = ":memory:"): DatabaseSync => {
  const db = openSqlite(path, { durability: "full" });
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return db;
};

/** The same to a new file. */
export const temporarySqliteFile = (): DatabaseSync => temporarySqlite(join(temporaryFolder(), "hilo.db"));
