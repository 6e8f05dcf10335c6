import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linesOf, startChild } from "../testing/child.ts";
import { temporaryFolder, temporarySqlite } from "../testing/temporary.ts";
import { forgetAfterMs } from "./gcra.ts";
import { pacingContract } from "./pacing.contract.ts";
import { sqlitePacing } from "./sqlite-pacing.ts";

const inMemory = async () => {
  const db = temporarySqlite();
  return [sqlitePacing(db), sqlitePacing(db)] as const;
};

const onFile = async () => {
  const path = join(temporaryFolder(), "hilo.db");
  return [sqlitePacing(temporarySqlite(path)), sqlitePacing(temporarySqlite(path))] as const;
};

pacingContract("SQLite in memory", inMemory, { runs: 300 });
pacingContract("SQLite on a file", onFile, { runs: 50 });

const now = Date.parse("2026-11-02T10:00:00.000Z");

describe("pacing on one file", () => {
  it("gives each place to one of several processes, and leaves none out", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    sqlitePacing(temporarySqlite(path));
    const at = String(Date.now() + 500);
    const waits = await Promise.all(
      Array.from({ length: 3 }, () => linesOf(startChild("reserve-places", path, at))),
    );
    expect(
      waits
        .flat()
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 300 }, (_, place) => place));
  });
});

describe("what SQLite keeps of a rate", () => {
  const kept = async (nowMs: number) => {
    const db = temporarySqlite();
    const pacing = sqlitePacing(db);
    const rate = (key: string) => ({ key, intervalMs: 100, burst: 3 });
    await pacing.hold("held", now + 100);
    for (let pair = 0; pair < 20; pair += 1) await pacing.reserve([rate(`pair/${pair}`)], now, 0);
    for (let later = 0; later < 3; later += 1) await pacing.reserve([rate("number")], nowMs, 60_000);
    return Number(db.prepare("SELECT count(*) AS rows FROM pacing_rates").get()?.["rows"]);
  };

  it.each([
    { restMs: 0, rows: 22 },
    { restMs: forgetAfterMs, rows: 22 },
    { restMs: forgetAfterMs + 1, rows: 1 },
  ])("after $restMs ms of rest is $rows rows", async ({ restMs, rows }) => {
    expect(await kept(now + 100 + restMs)).toBe(rows);
  });
});
