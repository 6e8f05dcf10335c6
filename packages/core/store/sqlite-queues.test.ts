import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { linesOf, startChild } from "../testing/child.ts";
import { temporaryFolder, temporarySqlite, temporarySqliteFile } from "../testing/temporary.ts";
import { queuesContract } from "./queues.contract.ts";
import { sqliteQueues } from "./sqlite-queues.ts";

queuesContract("SQLite in memory", async (clock) => sqliteQueues(temporarySqlite(), clock));
queuesContract("SQLite on a file", async (clock) => sqliteQueues(temporarySqliteFile(), clock));

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
const inReplies = (bodies: string[]) => bodies.map((body) => ({ queue: "replies", body }));
const options = { max: 1_000_000, visibilityMs: 60_000 };

describe("queues on one file", () => {
  it("are seen by every connection", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    const [one, other] = [
      sqliteQueues(temporarySqlite(path), Date.now),
      sqliteQueues(temporarySqlite(path), Date.now),
    ];
    await one.send(inReplies(["1"]), { name: "feed", value: "1" });
    expect(await other.receive("replies", options)).toHaveLength(1);
    expect(await one.receive("replies", options)).toHaveLength(0);
    expect(await other.checkpoint("feed")).toBe("1");
  });

  it("give each message to exactly one of several processes", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    await sqliteQueues(temporarySqlite(path), Date.now).send(inReplies(numbers(300)));
    const received = await Promise.all(
      Array.from({ length: 3 }, () => linesOf(startChild("receive-all", path))),
    );
    expect(
      received
        .flat()
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual(numbers(300).map(Number));
  });

  it("hold every send that was acknowledged before a kill -9, and its checkpoint", async () => {
    const path = join(temporaryFolder(), "hilo.db");
    const child = startChild("send-for-ever", path);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.length > 400) child.kill("SIGKILL");
    });
    const [, signal] = (await once(child, "close")) as [number | null, string];
    expect(signal).toBe("SIGKILL");
    const acknowledged = said.split("\n").filter(Boolean);
    const queues = sqliteQueues(temporarySqlite(path), Date.now);
    const stored = (await queues.receive("replies", options)).map(({ body }) => body);
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(stored.length - acknowledged.length).toBeLessThanOrEqual(1);
    expect(await queues.checkpoint("feed")).toBe(stored.at(-1));
  });
});

describe("queues of 100,000 messages", () => {
  it("never read the table from end to end", () => {
    const db = temporarySqlite();
    const statements = vi.spyOn(db, "prepare");
    sqliteQueues(db, Date.now);
    const plans = statements.mock.calls.flatMap(([sql]) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const steps = plans.map((row) => String(row["detail"])).filter((step) => step.includes("queue_messages"));
    expect(steps).toContain(
      "SEARCH queue_messages USING INDEX queue_messages_live (queue=? AND visible_at<?)",
    );
    expect(steps.filter((step) => step.startsWith("SCAN") && !step.includes("COVERING INDEX"))).toEqual([]);
    expect(steps.filter((step) => step.includes("TEMP B-TREE"))).toEqual([]);
  });
});
