import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linesOf, startChild } from "../testing/child.ts";
import { temporaryFolder, temporarySqlite } from "../testing/temporary.ts";
import { circuitsContract } from "./circuits.contract.ts";
import { sqliteCircuits } from "./sqlite-circuits.ts";

circuitsContract("SQLite in memory", async () => {
  const db = temporarySqlite();
  return [sqliteCircuits(db), sqliteCircuits(db)];
});

circuitsContract("SQLite on a file", async () => {
  const path = join(temporaryFolder(), "hilo.db");
  return [sqliteCircuits(temporarySqlite(path)), sqliteCircuits(temporarySqlite(path))];
});

describe("circuits on one file", () => {
  it("give each of their probes to one of several processes", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    const store = sqliteCircuits(temporarySqlite(path));
    const names = Array.from({ length: 50 }, (_, circuit) => String(circuit));
    for (const name of names) await store.open(name, { untilMs: 1, probes: 0 });
    const at = String(Date.now() + 500);
    const claimed = await Promise.all(
      Array.from({ length: 3 }, () => linesOf(startChild("claim-probes", path, at))),
    );
    expect(claimed.flat().toSorted()).toEqual(names.toSorted());
  });
});
