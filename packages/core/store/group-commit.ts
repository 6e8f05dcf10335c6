import type { DatabaseSync } from "node:sqlite";
import { savepoint, transaction } from "./sqlite.ts";

type Waiting<Item, Result> = {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

/**
 * Lets writes asked for in the same turn of the event loop share one transaction, and so one wait for the disk.
 * Each has its own outcome, told only after the commit. Where `write` throws it must leave nothing behind (one
 * writing statement, or a savepoint), so that its neighbours stand.
 */
export const groupCommit = <Item, Result>(
  database: DatabaseSync,
  write: (item: Item) => Result,
): ((item: Item) => Promise<Result>) => {
  let waiting: Waiting<Item, Result>[] = [];

  const attempt = ({ item, resolve, reject }: Waiting<Item, Result>): (() => void) => {
    try {
      const result = write(item);
      return () => resolve(result);
    } catch (error) {
      // Disk full and the like end the whole transaction; what came after would commit by itself.
      if (!database.isTransaction) throw error;
      return () => reject(error);
    }
  };

  const commit = (): void => {
    const group = waiting;
    waiting = [];
    try {
      for (const tell of transaction(database, () => group.map(attempt))) tell();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ item, resolve, reject }) === 1) setImmediate(commit);
    });
};

/** The same for any work on the database: all of it, or where it throws nothing. It cannot await. */
export const groupedWork = (database: DatabaseSync): (<Result>(work: () => Result) => Promise<Result>) => {
  const inGroup = groupCommit(database, (work: () => unknown) => savepoint(database, work));
  return async <Result>(work: () => Result) => (await inGroup(work)) as Result;
};
