import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryCache } from "../clients/memory-cache.ts";
import { anyHistory } from "../testing/any-history.ts";
import { noon, stream } from "../testing/given.ts";
import { memoryHilo } from "../testing/memory-hilo.ts";
import { received, started } from "../testing/samples.ts";
import { context, contextFold } from "../views/context.ts";
import { cachedBehindMax, cachedForMs, getContext } from "./get-context.ts";
import { itemsAt } from "./project.ts";

const texts = async (hilo: ReturnType<typeof memoryHilo>, atLeast?: number) =>
  (await getContext(hilo, stream, atLeast)).turns.map(({ text }) => text);

const said = (id: string) => received(id, { content: { type: "text", text: id } });

/** Counts what is asked of the stores. */
const watched = ({ store, views }: ReturnType<typeof memoryHilo>) => {
  const counted = { views: 0, reads: 0, events: 0 };
  return {
    counted,
    store: {
      ...store,
      async *read(...wanted: Parameters<typeof store.read>) {
        counted.reads++;
        for await (const events of store.read(...wanted)) {
          counted.events += events.length;
          yield events;
        }
      },
    },
    views: {
      ...views,
      items: (...wanted: Parameters<typeof views.items>) => {
        counted.views++;
        return views.items(...wanted);
      },
    },
  };
};

const cacheOf = () => {
  let now = Date.parse(noon);
  return { cache: memoryCache({ clock: () => new Date(now) }), pass: (ms: number) => void (now += ms) };
};

describe("the context", () => {
  it("is the fold of every event, wherever the view has got to", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, fc.nat(40), async (history, reached) => {
        const hilo = memoryHilo();
        await hilo.record(stream, ...history.slice(0, 1));
        for (const event of history.slice(1, reached)) await hilo.record(stream, event);
        await hilo.project(stream);
        for (const event of history.slice(Math.max(1, reached))) await hilo.record(stream, event);
        const folded = (await itemsAt(hilo.store, context, stream, history.length)).get("context");
        expect(await getContext(hilo, stream)).toEqual({
          ...(folded ?? { turns: [] }),
          version: history.length,
        });
      }),
      { numRuns: 50 },
    ));

  it("of the same history is the same, whatever of it came from the view, the cache and the log", () =>
    fc.assert(
      fc.asyncProperty(
        anyHistory,
        fc.nat(40),
        fc.nat(40),
        fc.integer({ min: 20, max: 2_000 }),
        async (history, projected, cached, budget) => {
          const hilo = memoryHilo();
          const { cache } = cacheOf();
          for (const [at, event] of history.entries()) {
            await hilo.record(stream, event);
            if (at + 1 === projected) await hilo.project(stream);
            if (at + 1 === cached) await getContext({ ...hilo, cache }, stream);
          }
          const fromLog = memoryHilo();
          await fromLog.record(stream, ...history.slice(0, 1));
          for (const event of history.slice(1)) await fromLog.record(stream, event);
          const expected = await getContext(fromLog, stream, undefined, budget);
          expect(await getContext({ ...hilo, cache }, stream, history.length, budget)).toEqual(expected);
          expect(await getContext(hilo, stream, undefined, budget)).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    ));

  it("takes the view's word when that has reached the floor, and folds the gap when it has not", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), said("one"));
    await hilo.project(stream);
    await hilo.record(stream, said("two"));
    expect(await texts(hilo, 1)).toEqual(["one"]);
    expect(await texts(hilo, 2)).toEqual(["one"]);
    expect(await texts(hilo, 3)).toEqual(["one", "two"]);
    expect(await texts(hilo)).toEqual(["one", "two"]);
  });

  it("is empty for an unknown conversation, and for an erased person", async () => {
    const hilo = memoryHilo();
    expect(await getContext(hilo, stream)).toEqual({ version: 0, turns: [] });
    await hilo.record(stream, started(), said("one"), { type: "ContactErased", data: {} });
    await hilo.project(stream);
    expect(await getContext(hilo, stream)).toEqual({ version: 3, turns: [] });
  });
});

describe("the cache of contexts", () => {
  const talked = async (messages: number) => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), ...Array.from({ length: messages }, (_, at) => said(`m${at}`)));
    const { counted, ...stores } = watched(hilo);
    const { cache, pass } = cacheOf();
    return { hilo, counted, pass, cache, deps: { ...stores, cache } };
  };

  it("saves every read of a context that it has, and has each that was made", async () => {
    const { counted, deps } = await talked(3);
    const first = await getContext(deps, stream, 4);
    const before = { ...counted };
    expect(await getContext(deps, stream, 4)).toEqual(first);
    expect(counted).toEqual(before);
    expect(before).toEqual({ views: 1, reads: 1, events: 4 });
  });

  it("is never taken for newer than it is: what it lacks is read", async () => {
    const { hilo, counted, deps } = await talked(3);
    await getContext(deps, stream, 4);
    await hilo.record(stream, said("later"));
    expect((await getContext(deps, stream, 5)).turns.at(-1)?.text).toBe("later");
    expect(counted).toEqual({ views: 1, reads: 2, events: 5 });
  });

  it.each([
    [cachedBehindMax, 1],
    [cachedBehindMax + 1, 2],
  ])(
    "that is %d events behind leaves the view to be asked: it was, %d times in all",
    async (behind, asked) => {
      const { hilo, counted, deps } = await talked(1);
      await getContext(deps, stream, 2);
      await hilo.record(stream, ...Array.from({ length: behind }, (_, at) => said(`l${at}`)));
      await hilo.project(stream);
      const found = await getContext(deps, stream, 2 + behind);
      expect(found.version).toBe(2 + behind);
      expect(counted.views).toBe(asked);
    },
  );

  it("forgets after an hour", async () => {
    const { pass, cache, deps } = await talked(1);
    await getContext(deps, stream, 2);
    pass(cachedForMs - 1);
    expect(await cache.get(`${contextFold}/${stream}`)).toBeDefined();
    pass(1);
    expect(await cache.get(`${contextFold}/${stream}`)).toBeUndefined();
  });

  it("holds nothing readable, neither in its keys nor in its values", async () => {
    const { deps, cache } = await talked(0);
    const held: string[] = [];
    const open = {
      ...cache,
      set: async (key: string, value: Uint8Array) =>
        void held.push(key, Buffer.from(value).toString("latin1"), Buffer.from(value).toString("utf8")),
    };
    await deps.store.append({
      stream,
      expectedVersion: 1,
      events: [said("the canary")],
      subject: "01JD0000000000000000000000",
      commitId: "c",
      at: noon,
    });
    await getContext({ ...deps, cache: open }, stream, 2);
    expect(held).toHaveLength(3);
    expect(held.join("\n")).not.toContain("canary");
  });

  it("of an erased person can't be read any more, before its time is over", async () => {
    const { hilo, cache, deps } = await talked(2);
    await getContext(deps, stream, 3);
    await hilo.record(stream, { type: "ContactErased", data: {} });
    await hilo.keys.destroy("01JD0000000000000000000000");
    expect(await cache.get(`${contextFold}/${stream}`)).toBeDefined();
    expect(await getContext(deps, stream, 3)).toEqual({ version: 4, turns: [] });
  });

  it.each(["damaged", "{}", ""])("that holds %j counts as empty", async (text) => {
    const { cache, deps } = await talked(2);
    await cache.set(`${contextFold}/${stream}`, Buffer.from(text), 60_000);
    expect((await getContext(deps, stream, 3)).turns).toHaveLength(2);
  });
});
