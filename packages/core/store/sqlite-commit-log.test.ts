import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { linesOf, startChild } from "../testing/child.ts";
import { aCommit, plain } from "../testing/commits.ts";
import { temporaryFolder, temporarySqlite, temporarySqliteFile } from "../testing/temporary.ts";
import { commitLogContract } from "./commit-log.contract.ts";
import type { CommitLog } from "./commit-log.ts";
import { openSqlite } from "./sqlite.ts";
import { sqliteCommitLog } from "./sqlite-commit-log.ts";

commitLogContract("SQLite", async () => {
  const database = openSqlite(":memory:", { durability: "full" });
  return { log: sqliteCommitLog(database), close: async () => database.close() };
});

test("a file holds commits, snapshots and the feed's order when it is opened again", async () => {
  const path = join(temporaryFolder(), "log.db");
  const before = temporarySqlite(path);
  const log = sqliteCommitLog(before);
  const commits = [aCommit("a", 1, { count: 2 }), aCommit("b", 1), aCommit("a", 3)];
  for (const commit of commits) await log.append(commit);
  await log.saveSnapshot({ stream: "a", version: 2, reducer: "r", body: Buffer.from("state") });
  const { checkpoint } = await log.feed(undefined, 2);
  before.close();

  const reopened = sqliteCommitLog(temporarySqlite(path));
  expect((await reopened.feed(undefined, 9)).commits.map(plain)).toEqual(commits.map(plain));
  expect((await reopened.feed(checkpoint, 9)).commits.map(plain)).toEqual(commits.slice(2).map(plain));
  expect(await reopened.snapshot("a")).toMatchObject({ version: 2, reducer: "r" });
  expect(await reopened.append(aCommit("a", 4))).toBe(true);
});

test("a gap, and a version inside another commit, get false", async () => {
  const log = sqliteCommitLog(temporarySqlite());
  await log.append(aCommit("a", 1, { count: 3 }));
  expect(await log.append(aCommit("a", 2))).toBe(false);
  expect(await log.append(aCommit("a", 5))).toBe(false);
  expect(await log.append(aCommit("b", 2))).toBe(false);
  expect(await log.append(aCommit("a", 4))).toBe(true);
});

test("appends of one moment share a transaction, in which a loser and a failure harm no neighbour", async () => {
  const database = temporarySqliteFile();
  const log = sqliteCommitLog(database);
  await log.append(aCommit("taken", 1));
  database.exec(`
    CREATE TRIGGER refuse BEFORE INSERT ON commits WHEN new.stream = 'broken' BEGIN SELECT RAISE(ABORT, 'no'); END;
  `);
  const outcomes = await Promise.allSettled([
    log.append(aCommit("a", 1)),
    log.append(aCommit("taken", 1, { commitId: "late" })),
    log.append(aCommit("broken", 1)),
    log.append(aCommit("a", 2)),
    log.append(aCommit("b", 1)),
  ]);
  expect(outcomes.map((each) => (each.status === "fulfilled" ? each.value : String(each.reason)))).toEqual([
    true,
    false,
    "Error: no",
    true,
    true,
  ]);
  expect(await positions(log)).toEqual(["taken@1", "a@1", "a@2", "b@1"]);
});

test("no append of a moment is told before all of them are on disk", async () => {
  const path = join(temporaryFolder(), "log.db");
  const log = sqliteCommitLog(temporarySqlite(path));
  const reader = sqliteCommitLog(temporarySqlite(path));
  const seen: number[] = [];
  const appends = ["a", "b", "c"].map(async (stream) => {
    await log.append(aCommit(stream, 1));
    seen.push(await reader.size());
  });
  await Promise.all(appends);
  expect(seen).toEqual([3, 3, 3]);
});

test("every append of a moment fails where the transaction does, and nothing is stored", async () => {
  const path = join(temporaryFolder(), "log.db");
  const database = temporarySqlite(path);
  const log = sqliteCommitLog(database);
  const other = temporarySqlite(path);
  database.exec("PRAGMA busy_timeout = 10");
  other.exec("BEGIN IMMEDIATE");
  const outcomes = await Promise.allSettled([log.append(aCommit("a", 1)), log.append(aCommit("b", 1))]);
  other.exec("ROLLBACK");
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await log.size()).toBe(0);
  expect(await log.append(aCommit("a", 1))).toBe(true);
});

test("no append of a moment is true where the commit of its transaction fails", async () => {
  const database = temporarySqlite();
  const log = sqliteCommitLog(database);
  database.exec(`
    CREATE TABLE parents (stream TEXT PRIMARY KEY);
    CREATE TABLE children (stream TEXT REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER orphan AFTER INSERT ON commits WHEN new.stream = 'orphan' BEGIN
      INSERT INTO children VALUES (new.stream);
    END;
  `);
  const outcomes = await Promise.allSettled([log.append(aCommit("a", 1)), log.append(aCommit("orphan", 1))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await positions(log)).toEqual([]);
  expect(await log.append(aCommit("a", 1))).toBe(true);
});

test("processes racing on one file have one winner per version", async () => {
  const path = join(temporaryFolder(), "log.db");
  const racers = ["x", "y", "z"].map((racer) => startChild("append-racing", path, "200", racer));
  const won = await Promise.all(racers.map(linesOf));
  const versions = Array.from({ length: 200 }, (_, index) => index + 1);
  expect(
    won
      .flat()
      .map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual(versions);
  const log = sqliteCommitLog(temporarySqlite(path));
  expect((await positions(log)).map((id) => Number(id.split("@")[1]))).toEqual(versions);
});

test("a killed process loses nothing that it acknowledged", async () => {
  const path = join(temporaryFolder(), "log.db");
  const child = startChild("append-for-ever", path);
  onTestFinished(() => void child.kill("SIGKILL"));
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    acknowledged.push(line);
    if (acknowledged.length === 200) child.kill("SIGKILL");
  });
  await once(lines, "close");
  const stored = await positions(sqliteCommitLog(temporarySqlite(path)));
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(stored).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(stored).size).toBe(stored.length);
});

/** Commit ids in the feed's order. */
const positions = async (log: CommitLog): Promise<string[]> =>
  (await log.feed(undefined, 1_000_000)).commits.map(({ commitId }) => commitId);
