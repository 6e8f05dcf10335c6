import { randomBytes } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linesOf, startChild } from "../testing/child.ts";
import { temporaryFolder, temporarySqlite } from "../testing/temporary.ts";
import { keysContract } from "./keys.contract.ts";
import { KeyRemains, localKeys, masterKey, WrongMasterKey } from "./local-keys.ts";

const master = randomBytes(32);

keysContract("SQLite in memory", async () => {
  const db = temporarySqlite();
  const keys = localKeys({ db, masterKey: master });
  return async () => keys;
});

keysContract("SQLite on a file", async () => {
  const path = join(temporaryFolder(), "hilo.db");
  return async () => localKeys({ db: temporarySqlite(path), masterKey: master });
});

describe("a destroyed key", () => {
  const everyByte = (folder: string) =>
    Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

  const holds = (bytes: Buffer, wrapped: Uint8Array) => bytes.includes(Buffer.from(wrapped));

  it("is in no file any more, wrapped or not, of whatever age", async () => {
    const folder = temporaryFolder();
    const [db, other] = [temporarySqlite(join(folder, "hilo.db")), temporarySqlite(join(folder, "hilo.db"))];
    const [keys, elsewhere] = [db, other].map((one) => localKeys({ db: one, masterKey: master }));
    // Enough for pages to split and for the log to hold several copies of each.
    const subjects = Array.from({ length: 400 }, () => randomBytes(13).toString("hex"));
    db.exec("BEGIN");
    for (const subject of subjects) await keys?.sealer(subject);
    db.exec("COMMIT");
    const wrapped = new Map(
      db
        .prepare("SELECT subject, wrapped FROM data_keys")
        .all()
        .map((row) => [row["subject"], row["wrapped"] as Uint8Array]),
    );
    const doomed = subjects.slice(0, 40);
    const bytesOf = (subject: string) => wrapped.get(subject) ?? new Uint8Array();
    const before = everyByte(folder);
    expect(doomed.filter((subject) => holds(before, bytesOf(subject)))).toEqual(doomed);
    for (const subject of doomed) {
      await elsewhere?.sealer(subject);
      await keys?.destroy(subject);
    }
    const after = everyByte(folder);
    expect(doomed.filter((subject) => holds(after, bytesOf(subject)))).toEqual([]);
    expect(subjects.slice(40).filter((subject) => holds(after, bytesOf(subject)))).toEqual(
      subjects.slice(40),
    );
    expect(doomed.filter((subject) => after.includes(subject))).toEqual(doomed);
  });

  it("is out of use, though a reader keeps the log from being cleared; destroying again clears it", async () => {
    const folder = temporaryFolder();
    const [db, reader] = [temporarySqlite(join(folder, "hilo.db")), temporarySqlite(join(folder, "hilo.db"))];
    const keys = localKeys({ db, masterKey: master });
    await keys.sealer("ana");
    const wrapped = db.prepare("SELECT wrapped FROM data_keys").get()?.["wrapped"] as Uint8Array;
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM data_keys").get();
    db.exec("PRAGMA busy_timeout = 20");
    await expect(keys.destroy("ana")).rejects.toThrow(KeyRemains);
    expect(await keys.sealer("ana")).toBeUndefined();
    reader.exec("COMMIT");
    await keys.destroy("ana");
    expect(holds(everyByte(folder), wrapped)).toBe(false);
  });
});

describe("local keys", () => {
  it("are one per person for all processes, whichever needed it first", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    const keys = localKeys({ db: temporarySqlite(path), masterKey: Buffer.alloc(32) });
    const at = String(Date.now() + 500);
    const sealed = await Promise.all([1, 2, 3].map(() => linesOf(startChild("seal-for-all", path, at))));
    for (const lines of sealed)
      for (const [index, line] of lines.entries()) {
        const sealer = await keys.sealer(String(index + 1));
        expect(Buffer.from(sealer?.open(Buffer.from(line, "hex"), "c") ?? []).toString()).toBe("hello");
      }
    expect(sealed.flat()).toHaveLength(300);
  });

  it("refuse a database whose keys another master key wrapped", async () => {
    const db = temporarySqlite();
    await localKeys({ db, masterKey: master }).sealer("ana");
    expect(() => localKeys({ db, masterKey: randomBytes(32) })).toThrow(WrongMasterKey);
    expect(() => localKeys({ db, masterKey: master })).not.toThrow();
  });

  it("refuse a wrapped key that was moved to another subject", async () => {
    const db = temporarySqlite();
    const keys = localKeys({ db, masterKey: master });
    await keys.sealer("ana");
    db.exec("INSERT INTO data_keys SELECT 'ben', wrapped FROM data_keys");
    await expect(keys.sealer("ben")).rejects.toThrow(WrongMasterKey);
  });

  it("keep no key in the clear", async () => {
    const db = temporarySqlite();
    const keys = localKeys({ db, masterKey: master });
    await keys.sealer("ana");
    const wrapped = db.prepare("SELECT wrapped FROM data_keys").get()?.["wrapped"] as Uint8Array;
    expect(wrapped).toHaveLength(12 + 32 + 16);
  });

  it.each([
    { others: 0, cached: true },
    { others: 999, cached: true },
    { others: 1_000, cached: false },
  ])("hold a key at hand after $others others were used: $cached", async ({ others, cached }) => {
    const db = temporarySqlite();
    const keys = localKeys({ db, masterKey: master });
    for (const subject of ["ana", "ben", "ana"]) await keys.sealer(subject);
    for (let number = 0; number < others; number += 1) await keys.sealer(String(number));
    // Unseen by the cache, since the same connection does it.
    db.exec("UPDATE data_keys SET wrapped = NULL");
    expect((await keys.sealer("ana")) !== undefined).toBe(cached);
  });
});

describe("the master key", () => {
  const path = () => join(temporaryFolder(), "keys", "master.key");

  it("is 32 random bytes that only their owner can read, and stays", () => {
    const [one, other] = [path(), path()];
    const key = masterKey(one);
    expect(key).toHaveLength(32);
    expect(masterKey(one)).toEqual(key);
    expect(masterKey(other)).not.toEqual(key);
    expect(statSync(one).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(one, ".."))).toEqual(["master.key"]);
  });

  it.each([0, 31, 33])("is refused when its file holds %i bytes", (size) => {
    const file = join(temporaryFolder(), "master.key");
    writeFileSync(file, randomBytes(size));
    expect(() => masterKey(file)).toThrow(`holds ${size} bytes`);
  });

  it.skipIf(process.getuid?.() === 0)("is refused, not replaced, when its file can't be read", () => {
    const file = path();
    masterKey(file);
    chmodSync(file, 0);
    expect(() => masterKey(file)).toThrow("EACCES");
  });

  it("is one for all processes that start at the same time", async () => {
    const folder = temporaryFolder();
    const at = String(Date.now() + 500);
    const start = () => linesOf(startChild("master-keys", join(folder, "key"), at));
    const [one, ...others] = await Promise.all([start(), start(), start()]);
    expect(one).toHaveLength(50);
    expect(others).toEqual([one, one]);
    expect(readdirSync(folder)).toHaveLength(50);
  });
});
