import { expect, it } from "vitest";
import { parseConversationStream } from "#core/events/stream.ts";
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

it("one who can't be forgotten keeps nobody else, and is told of", async () => {
  const { w, hers, his, isErased } = await twoPeople();
  w.pass(31 * day);
  const [first = ""] = await w.streams();
  const broken = parseConversationStream(first)?.contactId;
  const identities = {
    ...w.deps.identities,
    async get(contactId: string) {
      if (contactId === broken) throw new Error("as it was told");
      return w.deps.identities.get(contactId);
    },
  };
  const forgetting = forgetIdle({ ...w.deps, identities, viewStore: w.deps.views, views }, 30 * day);
  await expect(forgetting).rejects.toThrow("as it was told");
  expect([await isErased(hers), await isErased(his)]).toEqual([hers !== first, his !== first]);
  expect(w.logged.join()).toContain("a person could not be forgotten");
});

it("an erasure that crashed before the key was destroyed is finished the next time", async () => {
  const { w, hers, his, isErased } = await twoPeople();
  const contactOf = (stream: string) => parseConversationStream(stream)?.contactId ?? "";
  const deps = { ...w.deps, viewStore: w.deps.views, views };
  const destroy = () => Promise.reject(new Error("crash"));
  w.pass(31 * day);
  await expect(forgetIdle({ ...deps, keys: { ...deps.keys, destroy } }, 30 * day)).rejects.toThrow("crash");
  const begun = (await isErased(hers)) ? hers : his;
  expect(await deps.keys.sealer(contactOf(begun))).toBeDefined();
  w.pass(day / 4);
  expect(await forgetIdle(deps, 30 * day)).toBe(2);
  for (const stream of [hers, his]) expect(await deps.keys.sealer(contactOf(stream))).toBeUndefined();
  expect(await forgetIdle(deps, 30 * day)).toBe(0);
});

it("an erasure that crashed between two conversations of one person is finished the next time", async () => {
  const { w, hers, isErased } = await twoPeople();
  await w.post(other("wamid.3", now));
  const deps = { ...w.deps, viewStore: w.deps.views, views };
  const theirs = (await w.streams()).filter((stream) => stream.startsWith(hers.slice(0, -16)));
  expect(theirs).toHaveLength(2);
  w.pass(31 * day);
  let left = 1;
  const append: typeof deps.store.append = async (...args) => {
    if (left-- === 0) throw new Error("crash");
    return deps.store.append(...args);
  };
  await expect(forgetIdle({ ...deps, store: { ...deps.store, append } }, 30 * day)).rejects.toThrow("crash");
  await forgetIdle(deps, 30 * day);
  expect(await Promise.all(theirs.map(isErased))).toEqual([true, true]);
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

const other = (id: string, atMs: number) =>
  JSON.stringify(webhook(message(lucia, id, atMs))).replaceAll(business.phoneNumberId, "1065550123000002");

it.each([
  [
    "here, before the aliases are forgotten",
    "forget",
    (atMs: number) => webhook(message(lucia, "wamid.9", atMs)),
  ],
  ["to a number of ours that is new to them", "forget", (atMs: number) => other("wamid.9", atMs)],
  ["here, at the first look", "get", (atMs: number) => webhook(message(lucia, "wamid.9", atMs))],
] as const)("who writes while they are being erased is not lost: %s", async (_, call, body) => {
  const { w, hers, isErased } = await twoPeople();
  w.pass(31 * day);
  let calls = 0;
  const meanwhile = async () => {
    calls += 1;
    if (calls === 1) await w.post(body(now + 31 * day));
  };
  const identities = { ...w.deps.identities };
  const original = identities[call];
  const interrupted = {
    ...identities,
    // a message that found the contact by its aliases and is stored in the last moment
    [call]: async (contactId: string) => {
      await meanwhile();
      return original(contactId);
    },
  };
  await forgetIdle({ ...w.deps, identities: interrupted, viewStore: w.deps.views, views }, 30 * day);
  expect(await isErased(hers)).toBe(false);
  const streams = await w.streams();
  const events = (await Promise.all(streams.map((stream) => w.events(stream)))).flat();
  const theirs = events.find(
    ({ type, data }) => type === "MessageReceived" && JSON.stringify(data).includes("wamid.9"),
  );
  expect(theirs).toMatchObject({ data: { content: { type: "text" } } });
});

it("who writes once their aliases are forgotten is somebody new, and only the old is erased", async () => {
  const { w, hers, isErased } = await twoPeople();
  w.pass(31 * day);
  const identities = {
    ...w.deps.identities,
    async forget(contactId: string) {
      await w.deps.identities.forget(contactId);
      await w.post(webhook(message(lucia, "wamid.9", now + 31 * day)));
    },
  };
  await forgetIdle({ ...w.deps, identities, viewStore: w.deps.views, views }, 30 * day);
  expect(await isErased(hers)).toBe(true);
  expect(await w.streams()).toHaveLength(3);
});
