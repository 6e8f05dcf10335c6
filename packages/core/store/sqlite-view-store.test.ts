import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { temporaryFolder, temporarySqlite, temporarySqliteFile } from "../testing/temporary.ts";
import { sqliteViewStore } from "./sqlite-view-store.ts";
import { viewStoreContract } from "./view-store.contract.ts";

viewStoreContract("SQLite in memory", async () => sqliteViewStore(temporarySqlite()));
viewStoreContract("SQLite on a file", async () => sqliteViewStore(temporarySqliteFile()));

describe("view stores on one file", () => {
  it("share groups and generations between connections", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    const [one, other] = [sqliteViewStore(temporarySqlite(path)), sqliteViewStore(temporarySqlite(path))];
    const first = { stream: "s", subject: "p", expectedVersion: 0, version: 1, put: [], remove: [] };
    expect(await one.write("v@1", first)).toBe(true);
    expect(await other.write("v@1", first)).toBe(false);
    await one.promote("v", "v@2");
    expect(await other.current("v")).toBe("v@2");
    expect(await other.version("v@1", "s")).toBe(0);
  });
});

describe("changes of the same moment", () => {
  const change = (stream: string, body: unknown) => ({
    stream,
    subject: "p",
    expectedVersion: 0,
    version: 1,
    put: [{ key: "k", body: body as Uint8Array }],
    remove: [],
  });

  it("share a transaction; one that fails leaves nothing, and its neighbours stand", async () => {
    const store = sqliteViewStore(temporarySqlite());
    const written = await Promise.allSettled([
      store.write("v@1", change("a", Buffer.from("a"))),
      store.write("v@1", change("b", { no: "bytes" })),
      store.write("v@1", change("c", Buffer.from("c"))),
    ]);
    expect(written.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await store.versions("v@1")).toEqual({
      groups: [
        { stream: "a", version: 1 },
        { stream: "c", version: 1 },
      ],
    });
  });
});

describe("a large view", () => {
  it("is never read from end to end, nor sorted", () => {
    const db = temporarySqlite();
    const statements = vi.spyOn(db, "prepare");
    sqliteViewStore(db);
    const plans = statements.mock.calls.flatMap(([sql]) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const steps = plans.map((row) => String(row["detail"]));
    expect(steps.filter((step) => step.includes("SCAN") || step.includes("TEMP B-TREE"))).toEqual([]);
    expect(steps).toContain(
      "SEARCH view_items USING INDEX view_items_list (view=? AND partition=? AND (sort,stream,key)<(?,?,?))",
    );
  });
});
