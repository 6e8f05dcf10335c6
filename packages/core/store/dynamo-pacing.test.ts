import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { attemptsMax, dynamoPacing } from "./dynamo-pacing.ts";
import { dynamoRates } from "./dynamo-rates.ts";
import { pacingContract } from "./pacing.contract.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

const open = async () => {
  const options = { ...(await newDynamoTable(server.endpoint, "limits")), random: Math.random, sleep };
  return [dynamoPacing(options), dynamoPacing(options)] as const;
};

pacingContract("DynamoDB (dynalite)", open, { runs: 20 });

const now = Date.parse("2026-11-02T10:00:00.000Z");
const a = { key: "a", intervalMs: 100, burst: 1 };
const b = { key: "b", intervalMs: 100, burst: 1 };

/** Two processes; `before` runs in the one before each of its updates, which are counted. */
const interrupted = async (before: (update: number) => Promise<unknown>) => {
  const { client, table } = await newDynamoTable(server.endpoint, "limits");
  const inner = await newDynamoTable(server.endpoint, "limits");
  const pauses: number[] = [];
  const options = { table, random: () => 0.5, sleep: async (ms: number) => void pauses.push(ms) };
  let updates = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "UpdateItemCommand") await before((updates += 1));
        return next(args);
      },
    { step: "initialize" },
  );
  const pacing = dynamoPacing({ client, ...options });
  return { pacing, other: dynamoPacing({ client: inner.client, ...options }), pauses, count: () => updates };
};

describe("a reservation on DynamoDB", () => {
  it("costs one write per rate, and none when it is refused", async () => {
    const { pacing, count } = await interrupted(async () => {});
    await pacing.reserve([a, b], now, 0);
    expect(count()).toBe(2);
    expect(await pacing.reserve([a, b], now, 99)).toEqual({ waitMs: 100, reserved: false });
    expect(count()).toBe(2);
  });

  it("gives back what it took when another was quicker at the next rate", async () => {
    const { pacing, other, pauses } = await interrupted(
      async (update) => update === 2 && (await other.reserve([b], now, 0)),
    );
    expect(await pacing.reserve([a, b], now, 50)).toEqual({ waitMs: 100, reserved: false });
    expect(pauses).toEqual([1]);
    expect(await other.reserve([a], now, 0)).toEqual({ waitMs: 0, reserved: true });
  });

  it("leaves what it took where someone is behind it already, whose place it would be", async () => {
    const { pacing, other } = await interrupted(async (update) => {
      if (update !== 2) return;
      expect(await other.reserve([a], now, 100)).toEqual({ waitMs: 100, reserved: true });
      await other.reserve([b], now, 0);
    });
    await pacing.reserve([a, b], now, 50);
    expect((await other.reserve([a], now, 1_000)).waitMs).toBe(200);
  });

  it("heeds a hold that comes while it reserves", async () => {
    const { pacing, other } = await interrupted(
      async (update) => update === 2 && (await other.hold(b.key, now + 5_000)),
    );
    expect(await pacing.reserve([a, b], now, 1_000)).toEqual({ waitMs: 5_000, reserved: false });
  });

  it.each([
    { untilMs: 1, dueMs: undefined },
    { untilMs: 0, dueMs: 100 },
  ])("of a rate held for $untilMs ms at once leaves it due at $dueMs", async ({ untilMs, dueMs }) => {
    const { client, table } = await newDynamoTable(server.endpoint, "limits");
    const state = { dueUs: 0, heldUntilUs: (now + untilMs) * 1_000 };
    const dueUs = await dynamoRates(client, table).charge({ rate: a, state }, now * 1_000, now * 1_000);
    expect(dueUs).toBe(dueMs && (now + dueMs) * 1_000);
  });

  it("is to be asked for again after 8 conflicts, with pauses that grow between them", async () => {
    const { pacing, other, pauses } = await interrupted((update) => other.hold(a.key, now - 10_000 + update));
    expect(await pacing.reserve([a], now, 0)).toEqual({ waitMs: 128, reserved: false });
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(pauses).toHaveLength(attemptsMax - 1);
  });

  it("throws an error that is no conflict as it came", async () => {
    const fault = Object.assign(new Error("slow down"), { name: "AccessDeniedException" });
    const { pacing } = await interrupted(() => Promise.reject(fault));
    await expect(pacing.reserve([a], now, 0)).rejects.toBe(fault);
  });
});
