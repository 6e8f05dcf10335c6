import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder, temporarySqlite } from "../testing/temporary.ts";
import { sqliteTally } from "./sqlite-tally.ts";
import { now, tallyContract } from "./tally.contract.ts";

tallyContract("SQLite on a file", async (nowMs) => {
  const path = join(temporaryFolder(), "hilo.db");
  return [sqliteTally(temporarySqlite(path), nowMs), sqliteTally(temporarySqlite(path), nowMs)];
});

it("what is over takes no room once something new is added", async () => {
  const db = temporarySqlite();
  const tally = sqliteTally(db, () => now);
  await tally.add("yesterday", 1, now);
  await tally.add("today", 1, now + 1);
  expect(db.prepare("SELECT key FROM tallies").all()).toEqual([{ key: "today" }]);
});
