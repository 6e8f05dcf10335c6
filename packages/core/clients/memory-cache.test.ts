import { expect, it } from "vitest";
import { noon } from "../testing/given.ts";
import { cacheContract } from "./cache.contract.ts";
import { memoryCache } from "./memory-cache.ts";

const opened = (bytesMax?: number) => {
  let now = Date.parse(noon);
  const cache = memoryCache({ clock: () => new Date(now), ...(bytesMax !== undefined && { bytesMax }) });
  return { cache, pass: async (ms: number) => void (now += ms) };
};

cacheContract("memory", async () => opened());

const ten = Buffer.alloc(10);

it("of too much, the least recently used goes first", async () => {
  const { cache } = opened(30);
  for (const key of ["a", "b", "c"]) await cache.set(key, ten, 1_000);
  await cache.get("a");
  await cache.set("d", ten, 1_000);
  const found = await Promise.all(["a", "b", "c", "d"].map((key) => cache.get(key)));
  expect(found.map((value) => value !== undefined)).toEqual([true, false, true, true]);
});

it("what is more than all that may be kept is not kept, and takes no room", async () => {
  const { cache } = opened(30);
  await cache.set("a", Buffer.alloc(31), 1_000);
  expect(await cache.get("a")).toBeUndefined();
  for (const key of ["b", "c", "d"]) await cache.set(key, ten, 1_000);
  expect(await cache.get("b")).toBeDefined();
});

it.each([
  [999, true],
  [1_000, false],
])("after %d ms of 1,000 a value is there: %s", async (ms, isThere) => {
  const { cache, pass } = opened();
  await cache.set("a", ten, 1_000);
  await pass(ms);
  expect((await cache.get("a")) !== undefined).toBe(isThere);
});
