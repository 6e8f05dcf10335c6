import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { linesOf, startChild } from "../testing/child.ts";
import { temporaryFolder, temporarySqlite, temporarySqliteFile } from "../testing/temporary.ts";
import { identitiesContract } from "./identities.contract.ts";
import { sqliteIdentities } from "./sqlite-identities.ts";

identitiesContract("SQLite in memory", async () => sqliteIdentities(temporarySqlite()));
identitiesContract("SQLite on a file", async () => sqliteIdentities(temporarySqliteFile()));

describe("identities on one file", () => {
  it("give each person one contact, whichever process saw them first", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    sqliteIdentities(temporarySqlite(path));
    const at = String(Date.now() + 500);
    const seen = await Promise.all(
      ["A", "B", "C"].map((child) => linesOf(startChild("resolve", path, child, at))),
    );
    expect(seen[0]).toHaveLength(100);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it("never lock the file for a contact that is known already", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    const identities = sqliteIdentities(temporarySqlite(path));
    const known = await identities.resolve([{ kind: "phone", hash: "p1" }], "01J1");
    const other = temporarySqlite(path);
    other.exec("BEGIN IMMEDIATE");
    expect(await identities.resolve([{ kind: "phone", hash: "p1" }], "01J2")).toEqual(known);
  });

  it("are never read from end to end", () => {
    const db = temporarySqlite();
    const statements = vi.spyOn(db, "prepare");
    sqliteIdentities(db);
    const plans = statements.mock.calls.flatMap(([sql]) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const steps = plans.map((row) => String(row["detail"]));
    expect(steps.filter((step) => step.includes("SCAN"))).toEqual([]);
    expect(steps).not.toEqual([]);
  });
});
