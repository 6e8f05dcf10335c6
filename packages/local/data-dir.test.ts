import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "#core/testing/temporary.ts";
import { claimDataDir, emptyDataDir } from "./data-dir.ts";

const claim = (dataDir: string): (() => void) => {
  const release = claimDataDir(dataDir);
  let held = true;
  const once = () => {
    if (held) release();
    held = false;
  };
  onTestFinished(once);
  return once;
};

/** Another process that holds the directory until it is killed. */
const holder = async (dataDir: string) => {
  const source = `
    import { claimDataDir } from ${JSON.stringify(new URL("data-dir.ts", import.meta.url).href)};
    claimDataDir(${JSON.stringify(dataDir)});
    console.log("held");
    setInterval(() => {}, 1_000);`;
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", source],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
};

describe("a data directory", () => {
  it("is made where it is missing", () => {
    const dataDir = join(temporaryFolder(), "a", "b");
    claim(dataDir);
    expect(readdirSync(dataDir)).toContain("lock");
  });

  it("is nobody else's while it is claimed, and says what to do about it", () => {
    const dataDir = temporaryFolder();
    const release = claim(dataDir);
    expect(() => claim(dataDir)).toThrow(`another Hilo is running on ${dataDir}: stop it`);
    release();
    claim(dataDir);
  });

  it("is claimed apart from others", () => {
    claim(temporaryFolder());
    claim(temporaryFolder());
    expect(() => claim(temporaryFolder())).not.toThrow();
  });

  it("is not another process's either, until that ends, however it ends", async () => {
    const dataDir = temporaryFolder();
    const kill = await holder(dataDir);
    expect(() => claim(dataDir)).toThrow("another Hilo is running");
    await kill();
    expect(() => claim(dataDir)).not.toThrow();
  });
});

describe("emptying a data directory", () => {
  const databases = ["events.db", "people.db", "work.db", "simulator.db"];
  const ours = [...databases.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]), "master.key"];
  const notOurs = [
    "notes.txt",
    "events.db.backup",
    "events.db-wal2",
    "my-events.db",
    "master.key.old",
    "Media",
  ];

  it("deletes what is ours, and nothing else", () => {
    const dataDir = temporaryFolder();
    for (const name of [...ours, ...notOurs]) writeFileSync(join(dataDir, name), name);
    emptyDataDir(dataDir);
    expect(readdirSync(dataDir).toSorted()).toEqual(notOurs.toSorted());
    for (const name of notOurs) expect(readFileSync(join(dataDir, name), "utf8")).toBe(name);
  });

  it("keeps the claim", () => {
    const dataDir = temporaryFolder();
    claim(dataDir);
    emptyDataDir(dataDir);
    expect(() => claim(dataDir)).toThrow("another Hilo is running");
  });

  it("that is empty changes nothing", () => {
    const dataDir = temporaryFolder();
    emptyDataDir(dataDir);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
