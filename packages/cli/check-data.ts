import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Config } from "#core/config.ts";
import type { Finding } from "./finding.ts";

const databases = ["events.db", "people.db", "work.db", "simulator.db"];
/** Of which nothing else can restore the content. */
const precious = new Set(["events.db", "people.db"]);

const freeBytesWarned = 1024 ** 3;
const freeBytesMin = 100 * 1024 ** 2;

/** The data directory, its key, its databases, and the room beside them. */
export function* checkData({ HILO_DATA_DIR: folder }: Config): Generator<Finding> {
  const isThere = existsSync(folder);
  const home = isThere ? folder : nearestFolder(folder);
  yield isWritable(home)
    ? { level: "ok", what: `${home} can be written to` }
    : {
        level: "bad",
        what: `${home} cannot be written to`,
        todo: "Give this user the right to, or set HILO_DATA_DIR to another directory.",
      };
  yield checkRoom(home);
  if (!existsSync(join(folder, "events.db"))) {
    yield { level: "warning", what: `there is no data in ${folder} yet`, todo: "npm start makes it." };
    return;
  }
  yield checkMasterKey(join(folder, "master.key"));
  for (const name of databases) if (existsSync(join(folder, name))) yield checkDatabase(folder, name);
}

const nearestFolder = (path: string): string => {
  const above = dirname(resolve(path));
  return existsSync(above) ? above : nearestFolder(above);
};

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const checkRoom = (folder: string): Finding => {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const what = `${(free / 1024 ** 3).toFixed(1)} GB of disk are free`;
  if (free >= freeBytesWarned) return { level: "ok", what };
  return {
    level: free < freeBytesMin ? "bad" : "warning",
    what,
    todo: "Make room before it runs out: what cannot be stored is not accepted.",
  };
};

const checkMasterKey = (path: string): Finding => {
  if (!existsSync(path))
    return {
      level: "bad",
      what: `${path} is missing`,
      todo: "Put it back from your backup: without it nothing here can be read.",
    };
  const mode = statSync(path).mode & 0o777;
  return process.platform === "win32" || (mode & 0o077) === 0
    ? { level: "ok", what: "the master key is there, and for its owner only" }
    : {
        level: "bad",
        what: `${path} can be read by others (mode 0${mode.toString(8)})`,
        todo: `chmod 600 ${path}`,
      };
};

const checkDatabase = (folder: string, name: string): Finding => {
  const problem = quickCheck(join(folder, name));
  if (problem === undefined) return { level: "ok", what: `${name} is sound` };
  const todo = precious.has(name)
    ? "Stop Hilo and put the whole directory back from your backup."
    : name === "work.db"
      ? "Stop Hilo, delete work.db with its -wal and -shm, start it, and run hilo audit --repair."
      : "Stop Hilo and delete simulator.db with its -wal and -shm: only the simulator's chats are lost.";
  return { level: "bad", what: `${name} is damaged: ${problem}`, todo };
};

/** The first thing that SQLite finds wrong with a file. */
const quickCheck = (path: string): string | undefined => {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      const result = String(db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]);
      return result === "ok" ? undefined : result;
    } finally {
      db.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
