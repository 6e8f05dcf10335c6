import { describe, expect, it } from "vitest";
import { pseudonyms } from "#core/clients/pseudonyms.ts";
import { conversationStream, parseConversationStream } from "#core/events/stream.ts";
import { handle, load } from "#core/store/handle.ts";
import { views } from "#core/views/all.ts";
import { business, message, userIdChanged, webhook } from "#functions/testing/webhooks.ts";
import { startOfTest as now, world, type World } from "#functions/testing/world.ts";
import { eraseContact, type EraseContactDeps } from "./erase-contact.ts";

const lucia = { phone: "34600000001", userId: "ES.lucia" };
const bruno = { phone: "34600000002", name: "Bruno" };
const words = "Soy alérgica a las nueces";
const says = (text: string) => ({ type: "text", text: { body: text } });

const depsOf = ({ deps }: World): EraseContactDeps => ({ ...deps, viewStore: deps.views, views });

const contactIdOf = async ({ deps }: World, { phone }: { phone: string }): Promise<string> => {
  const hash = pseudonyms(Buffer.alloc(32, 7)).alias("phone", phone);
  return (await deps.identities.find([{ kind: "phone", hash }]))?.contactId ?? "";
};

const ownerOf = (stream: string): string => parseConversationStream(stream)?.contactId ?? "";

/** Lucía has written from two addresses that turned out to be one person's; Bruno is somebody else. */
const twoPeople = async () => {
  const w = world();
  await w.post(webhook(message({ phone: lucia.phone }, "wamid.1", now, says(words))));
  await w.post(webhook(message({ userId: "ES.before" }, "wamid.2", now, says("Soy yo otra vez"))));
  await w.post(webhook(userIdChanged("ES.before", lucia.userId, "wamid.3", now)));
  await w.post(webhook(message(lucia, "wamid.4", now + 1_000, says("Las dos son mías"))));
  await w.post(webhook(message(bruno, "wamid.5", now, says("Hola, soy Bruno"))));
  const streams = (await w.streams()).toSorted();
  await w.deps.project(...streams);
  for (const stream of streams) await w.deps.media.put(ownerOf(stream), "m1", Buffer.from("a photo"));
  const brunos = conversationStream(await contactIdOf(w, bruno), business.phoneNumberId);
  return { w, contactId: await contactIdOf(w, lucia), brunos, hers: streams.filter((one) => one !== brunos) };
};

/** All there is to know of a conversation: its events, its state, its rows, its files. */
const everythingOf = async (w: World, stream: string) => ({
  events: await w.events(stream),
  state: (await load(w.deps.store, stream)).state,
  rows: await Promise.all(views.map((view) => w.deps.views.items(`${view.name}@1`, stream, "all"))),
  files: [...w.deps.files.keys()].filter((key) => key.startsWith(ownerOf(stream))),
});

const isErased = async (w: World, stream: string): Promise<void> => {
  const events = await w.events(stream);
  expect(events.filter(({ type }) => type === "ContactErased")).toHaveLength(1);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  expect(JSON.stringify(events)).not.toMatch(/nueces|otra vez|mías|Lucía|34600000001|ES\.|wamid\./);
  expect((await load(w.deps.store, stream)).state).toMatchObject({
    erased: true,
    contact: {},
    unanswered: [],
  });
  expect(await w.deps.store.log.snapshot(stream)).toBeUndefined();
  for (const view of views) expect(await w.deps.views.items(`${view.name}@1`, stream, "all")).toEqual([]);
  expect(await w.deps.keys.sealer(ownerOf(stream))).toBeUndefined();
  expect((await everythingOf(w, stream)).files).toEqual([]);
};

describe("erasing a person", () => {
  it("erases every conversation of every contact that they are, and says which", async () => {
    const { w, contactId, hers } = await twoPeople();
    expect(hers).toHaveLength(2);
    const erased = await eraseContact(depsOf(w), contactId);
    expect(erased?.streams.toSorted()).toEqual(hers);
    expect(erased?.contactIds.toSorted()).toEqual(
      hers.map((stream) => parseConversationStream(stream)?.contactId ?? "").toSorted(),
    );
    for (const stream of hers) await isErased(w, stream);
  });

  it("is the same by the id of a contact that was absorbed", async () => {
    const { w, contactId, hers } = await twoPeople();
    const absorbed = hers
      .map((stream) => parseConversationStream(stream)?.contactId ?? "")
      .filter((id) => id !== contactId);
    expect(absorbed).toHaveLength(1);
    await eraseContact(depsOf(w), absorbed[0] ?? "");
    for (const stream of hers) await isErased(w, stream);
  });

  it("leaves everybody else as they were", async () => {
    const { w, contactId, brunos } = await twoPeople();
    const before = await everythingOf(w, brunos);
    await eraseContact(depsOf(w), contactId);
    expect(await everythingOf(w, brunos)).toEqual(before);
    expect(JSON.stringify(before.events)).toContain("Hola, soy Bruno");
    expect(conversationStream(await contactIdOf(w, bruno), business.phoneNumberId)).toBe(brunos);
  });

  it("forgets their snapshots", async () => {
    const { w, contactId, hers } = await twoPeople();
    for (const stream of hers)
      await w.deps.store.log.saveSnapshot({ stream, version: 99, reducer: "x", body: Buffer.from("x") });
    await eraseContact(depsOf(w), contactId);
    for (const stream of hers) expect(await w.deps.store.log.snapshot(stream)).toBeUndefined();
  });

  it("makes whoever writes from there next somebody new, but knows what was said already", async () => {
    const { w, contactId, hers } = await twoPeople();
    await eraseContact(depsOf(w), contactId);
    await w.post(webhook(message({ phone: lucia.phone }, "wamid.1", now, says(words))));
    expect(await w.streams()).toHaveLength(3);
    await w.post(webhook(message({ phone: lucia.phone }, "wamid.9", now + 2_000, says("Hola de nuevo"))));
    const fresh = (await w.streams()).filter((stream) => !hers.includes(stream));
    expect(fresh).toHaveLength(2);
    expect(await contactIdOf(w, lucia)).not.toBe(contactId);
    for (const stream of hers) await isErased(w, stream);
  });

  it("twice changes nothing more", async () => {
    const { w, contactId, hers } = await twoPeople();
    const first = await eraseContact(depsOf(w), contactId);
    const before = await Promise.all(hers.map((stream) => everythingOf(w, stream)));
    expect(await eraseContact(depsOf(w), contactId)).toEqual(first);
    expect(await Promise.all(hers.map((stream) => everythingOf(w, stream)))).toEqual(before);
  });

  it("who never was is told apart from one who is erased", async () => {
    const { w, contactId } = await twoPeople();
    expect(await eraseContact(depsOf(w), "01JD9999999999999999999999")).toBeUndefined();
    await eraseContact(depsOf(w), contactId);
    expect(await eraseContact(depsOf(w), contactId)).toBeDefined();
  });
});

describe("after a crash", () => {
  class Crash extends Error {
    override name = "Crash";
  }

  /** Functions that count their calls; the one numbered `fatal` crashes, before or after it had its effect. */
  const crashing = (fatal: number, when: "before" | "after") => {
    let calls = 0;
    const guard = <Functions extends object>(functions: Functions): Functions =>
      Object.fromEntries(
        Object.entries(functions).map(([name, call]) => [
          name,
          async (...args: unknown[]) => {
            const isFatal = ++calls === fatal;
            if (isFatal && when === "before") throw new Crash(name);
            const result = await (call as (...args: unknown[]) => Promise<unknown>)(...args);
            if (isFatal) throw new Crash(name);
            return result;
          },
        ]),
      ) as Functions;
    return { guard, calls: () => calls };
  };

  /** Every call that reads or writes may be the last one before a crash, but for streams, which no promise tells of. */
  const fragile = (w: World, guard: ReturnType<typeof crashing>["guard"]): EraseContactDeps => {
    const { append, log, ...store } = w.deps.store;
    const { read, ...calls } = log;
    return {
      ...depsOf(w),
      store: { ...store, ...guard({ append }), log: { ...guard(calls), read } },
      identities: guard(w.deps.identities),
      keys: guard(w.deps.keys),
      media: guard(w.deps.media),
      viewStore: guard(w.deps.views),
    };
  };

  const callsOfOne = async (): Promise<number> => {
    const { w, contactId } = await twoPeople();
    const { guard, calls } = crashing(0, "before");
    await eraseContact(fragile(w, guard), contactId);
    return calls();
  };

  it.each(["before", "after"] as const)(
    "%s any call, an erasure is finished by repeating it",
    async (when) => {
      const count = await callsOfOne();
      expect(count).toBeGreaterThan(20);
      for (let fatal = 1; fatal <= count; fatal++) {
        const { w, contactId, hers, brunos } = await twoPeople();
        const others = await everythingOf(w, brunos);
        const { guard } = crashing(fatal, when);
        await expect(eraseContact(fragile(w, guard), contactId)).rejects.toThrow(Crash);
        const erased = await eraseContact(depsOf(w), contactId);
        expect(erased?.streams.toSorted()).toEqual(hers);
        for (const stream of hers) await isErased(w, stream);
        expect(await everythingOf(w, brunos)).toEqual(others);
        await w.post(webhook(message({ phone: lucia.phone }, "wamid.1", now, says(words))));
        expect(await w.streams()).toHaveLength(hers.length + 1);
      }
    },
  );
});

it("a command that was under way meanwhile finds the person erased", async () => {
  const { w, contactId, hers } = await twoPeople();
  await eraseContact(depsOf(w), contactId);
  const seen: boolean[] = [];
  for (const stream of hers)
    await handle(w.deps, stream, ({ erased }) => {
      seen.push(erased);
      return [];
    });
  expect(seen).toEqual([true, true]);
});
