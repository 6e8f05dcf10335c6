import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startValkey, valkeyProgram, type ValkeyServer } from "../testing/valkey-server.ts";
import { cacheContract } from "./cache.contract.ts";
import { valkeyCache, type ValkeyCacheOptions } from "./valkey-cache.ts";

const program = valkeyProgram() ?? "";
if (program === "")
  process.stdout.write(
    "Tests against Valkey are skipped: there is neither valkey-server nor redis-server.\n",
  );

const opened = (options: Pick<ValkeyCacheOptions, "url"> & Partial<ValkeyCacheOptions>) => {
  // patient, as this machine may be busy; what is late is tested below
  const cache = valkeyCache({ clock: () => new Date(), timeoutMs: 5_000, ...options });
  onTestFinished(cache.close);
  return cache;
};

describe.skipIf(program === "")("on a real server", () => {
  let server: ValkeyServer;
  beforeAll(async () => void (server = await startValkey(program)));
  afterAll(() => server.stop());

  cacheContract("Valkey", async () => {
    const client = new Redis(server.url);
    await client.flushall();
    client.disconnect();
    const cache = valkeyCache({ url: server.url, clock: () => new Date(), timeoutMs: 5_000 });
    return { cache, pass: (ms) => sleep(ms).then(() => undefined) };
  });

  it("two processes share what is in it, and it stays when one leaves", async () => {
    const one = opened({ url: server.url });
    await one.set("shared", Buffer.from("1"), 60_000);
    await one.close();
    expect(await opened({ url: server.url }).get("shared")).toEqual(Buffer.from("1"));
  });

  it("has an expiry for whatever it keeps", async () => {
    await opened({ url: server.url }).set("mortal", Buffer.from("1"), 60_000);
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());
    const left = await client.pttl("mortal");
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it("that dies has nothing, is left alone for a while, and is used again when it is back", async () => {
    const mortal = await startValkey(program);
    const faults: unknown[] = [];
    let now = 0;
    const cache = opened({
      url: mortal.url,
      clock: () => new Date(now),
      report: (fault) => faults.push(fault),
      pauseMs: 1_000,
    });
    await cache.set("a", Buffer.from("1"), 60_000);
    expect(await cache.get("a")).toEqual(Buffer.from("1"));
    await mortal.stop();
    expect(await cache.get("a")).toBeUndefined();
    await cache.set("a", Buffer.from("2"), 60_000);
    expect(faults).toHaveLength(1);
    const again = await startValkey(program, mortal.port);
    onTestFinished(again.stop);
    now = 999;
    await cache.set("a", Buffer.from("3"), 60_000);
    now = 1_000;
    expect(await cache.get("a"), "what was set meanwhile was not").toBeUndefined();
    await cache.set("a", Buffer.from("4"), 60_000);
    expect(await cache.get("a")).toEqual(Buffer.from("4"));
    expect(faults).toHaveLength(1);
  });
});

/** Takes connections, and says nothing. */
const silentServer = async (): Promise<string> => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe("a cache that", () => {
  it("says nothing has nothing, soon, and is not waited for twice", async () => {
    const cache = opened({ url: await silentServer(), timeoutMs: 20 });
    const startedAt = performance.now();
    expect(await cache.get("a")).toBeUndefined();
    await cache.set("a", Buffer.from("1"), 1_000);
    for (let turn = 0; turn < 100; turn++) expect(await cache.get("a")).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it("is nowhere has nothing, and ends no process", async () => {
    const cache = opened({ url: "redis://127.0.0.1:1", timeoutMs: 1_000 });
    expect(await cache.get("a")).toBeUndefined();
    await cache.set("a", Buffer.from("1"), 1_000);
  });
});
