import { expect, it } from "vitest";
import { load } from "#core/store/handle.ts";
import { views } from "#core/views/all.ts";
import { business, message, webhook } from "#functions/testing/webhooks.ts";
import { startOfTest as now, world } from "#functions/testing/world.ts";
import { forgetIdle } from "./forget-idle.ts";

const lucia = { phone: "34600000001" };
const bruno = { phone: "34600000002", name: "Bruno" };
const day = 24 * 3_600_000;

const twoPeople = async () => {
  const w = world();
  await w.post(webhook(message(lucia, "wamid.1", now)));
  const [hers = ""] = await w.streams();
  await w.post(webhook(message(bruno, "wamid.2", now)));
  const [his = ""] = (await w.streams()).filter((stream) => stream !== hers);
  const forget = (days: number) => forgetIdle({ ...w.deps, viewStore: w.deps.views, views }, days * day);
  const isErased = async (stream: string) => (await load(w.deps.store, stream)).state.erased;
  return { w, hers, his, forget, isErased };
};

it.each([
  [30 * day, 0],
  [30 * day + 1, 2],
])("after %d ms without anything, retention of 30 days erases %d of two people", async (ms, erased) => {
  const { w, hers, his, forget, isErased } = await twoPeople();
  w.pass(ms);
  expect(await forget(30)).toBe(erased);
  expect([await isErased(hers), await isErased(his)]).toEqual([erased > 0, erased > 0]);
});

it("who has written since stays, and is not touched", async () => {
  const { w, hers, his, forget, isErased } = await twoPeople();
  w.pass(20 * day);
  await w.post(webhook(message(bruno, "wamid.3", now + 20 * day)));
  const before = await w.events(his);
  w.pass(20 * day);
  expect(await forget(30)).toBe(1);
  expect([await isErased(hers), await isErased(his)]).toEqual([true, false]);
  expect(await w.events(his)).toEqual(before);
});

it("nobody is erased twice, however often and whenever it is done", async () => {
  const { w, hers, forget } = await twoPeople();
  w.pass(31 * day);
  expect(await forget(30)).toBe(2);
  const after = await w.events(hers);
  expect(await forget(30)).toBe(0);
  w.pass(31 * day);
  expect(await forget(30)).toBe(0);
  expect(await w.events(hers)).toEqual(after);
});

it("whoever goes on writing to one of our numbers stays with all that they wrote to the other", async () => {
  const { w, hers, forget, isErased } = await twoPeople();
  w.pass(31 * day);
  const other = JSON.stringify(webhook(message(lucia, "wamid.3", now + 31 * day)));
  await w.post(other.replaceAll(business.phoneNumberId, "1065550123000002"));
  expect(await w.streams()).toHaveLength(3);
  expect(await forget(30), "only Bruno").toBe(1);
  expect(await isErased(hers)).toBe(false);
});
