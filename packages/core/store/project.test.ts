import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { UnknownEventVersion } from "../events/catalogue.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { parseConversationStream } from "../events/stream.ts";
import { anyHistory } from "../testing/any-history.ts";
import { aCommit } from "../testing/commits.ts";
import { stream } from "../testing/given.ts";
import { memoryHilo, type MemoryHilo } from "../testing/memory-hilo.ts";
import { echoed, received, sendRequested, sent, started, tookOver } from "../testing/samples.ts";
import { views } from "../views/all.ts";
import { conversationList } from "../views/conversation-list.ts";
import { parkedSends } from "../views/parked-sends.ts";
import { transcript } from "../views/transcript.ts";
import { foldInto, type View } from "../views/view.ts";
import { itemsAt, openItem, project, quietEventsMax, wouldChange, type ProjectDeps } from "./project.ts";
import { readConversation } from "./read-conversation.ts";
import { rebuild } from "./rebuild.ts";

const other = stream.replace("1065550000", "1065550001");
const contactId = parseConversationStream(stream)?.contactId ?? "";
/** What Node says when a cipher's tag does not fit. */
const unauthentic = "unable to authenticate data";
const erased: ConversationEvent = { type: "ContactErased", data: {} };

/** What queries see of a conversation in a view: its items by key, and the version they stand at. */
const rows = async (deps: ProjectDeps, view: View<unknown>, of = stream) => {
  const name = await deps.views.current(view.name);
  const stored = await deps.views.items(name, of, "all");
  const items = await Promise.all(
    stored.map(async (item) => {
      const opened = await openItem(deps, view, of, item);
      expect(item.index).toEqual(view.index?.(opened, of));
      return [item.key, opened] as const;
    }),
  );
  return { version: await deps.views.version(name, of), items: Object.fromEntries(items) };
};

const folded = async ({ store }: ProjectDeps, view: View<unknown>, of = stream) => {
  const version = await store.log.head(of);
  return { version, items: Object.fromEntries(await itemsAt(store, view, of, version)) };
};

/** Its items are those of the head, whichever version it has noted itself; so the audit does not miss anything either. */
const expectFold = async (hilo: MemoryHilo, view: View<unknown>, of = stream): Promise<void> => {
  const [{ version, items }, expected] = [await rows(hilo, view, of), await folded(hilo, view, of)];
  expect(items).toEqual(expected.items);
  expect(version).toBeLessThanOrEqual(expected.version);
  expect(expected.version - version).toBeLessThan(quietEventsMax);
  const events = [];
  for await (const page of readConversation(hilo.store, of, { from: version + 1 })) events.push(...page);
  expect(await wouldChange(hilo, view, of, events)).toBe(false);
};

/** The same stores, every answer of which comes after whatever else the scheduler puts before it. */
const slow = ({ store, views }: MemoryHilo, s: fc.Scheduler): ProjectDeps => {
  const late =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await s.schedule(Promise.resolve());
      return call(...args);
    };
  return {
    store: {
      ...store,
      async *read(...args) {
        await s.schedule(Promise.resolve());
        yield* store.read(...args);
      },
      log: { ...store.log, scan: late(store.log.scan), head: late(store.log.head) },
    },
    views: {
      ...views,
      version: late(views.version),
      items: late(views.items),
      write: late(views.write),
      current: late(views.current),
      promote: late(views.promote),
      clear: late(views.clear),
    },
  };
};

/** Records a history event by event, and delivers each so many times to every view, whenever that may be. */
const deliver = async (
  hilo: MemoryHilo,
  deps: ProjectDeps,
  s: fc.Scheduler,
  history: readonly ConversationEvent[],
  times: readonly number[],
): Promise<void> => {
  const deliveries: Promise<unknown>[] = [];
  for (const [index, event] of history.entries()) {
    await s.schedule(Promise.resolve());
    await hilo.record(stream, event);
    const atLeast = await hilo.store.log.head(stream);
    for (const view of views)
      for (let time = 0; time < (times[index % times.length] ?? 1); time++)
        deliveries.push(s.schedule(Promise.resolve()).then(() => project(deps, view, stream, { atLeast })));
  }
  await Promise.all(deliveries);
};

const shortHistory = anyHistory.map((history) => history.slice(0, 12));
const anyTimes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });

describe("a view is the fold of its conversation", () => {
  it("whatever the order, number and coincidence of deliveries", () =>
    fc.assert(
      fc.asyncProperty(shortHistory, anyTimes, fc.scheduler(), async (history, times, s) => {
        const hilo = memoryHilo();
        await s.waitFor(deliver(hilo, slow(hilo, s), s, history, times));
        for (const view of views) await expectFold(hilo, view);
      }),
      { numRuns: 60 },
    ));

  it("also when it is rebuilt while events arrive", () =>
    fc.assert(
      fc.asyncProperty(
        shortHistory,
        fc.nat(12),
        anyTimes,
        fc.scheduler(),
        async (history, before, times, s) => {
          const hilo = memoryHilo();
          for (const event of history.slice(0, before)) await hilo.record(stream, event);
          const deps = slow(hilo, s);
          const arriving = deliver(hilo, deps, s, history.slice(before), times);
          const rebuilding = views.map((view) => rebuild(deps, view));
          await s.waitFor(Promise.all([arriving, ...rebuilding]));
          for (const view of views) {
            expect(await hilo.views.current(view.name)).toBe(`${view.name}@2`);
            await expectFold(hilo, view);
          }
        },
      ),
      { numRuns: 60 },
    ));

  it("whatever the commits its events came in, and wherever it stood before", () =>
    fc.assert(
      fc.asyncProperty(anyHistory, fc.integer({ min: 1, max: 7 }), async (history, size) => {
        const hilo = memoryHilo();
        for (let from = 0; from < history.length; from += size) {
          await hilo.record(stream, ...history.slice(from, from + size));
          if (from % 2) await hilo.project(stream);
        }
        await hilo.project(stream);
        for (const view of views) await expectFold(hilo, view);
      }),
      { numRuns: 30 },
    ));
});

describe("projecting", () => {
  it("answers the version that the view stands at then", async () => {
    const hilo = memoryHilo();
    expect(await project(hilo, transcript, stream)).toBe(0);
    await hilo.record(stream, started(), received("m1"));
    expect(await project(hilo, transcript, stream)).toBe(2);
    expect(await project(hilo, transcript, stream)).toBe(2);
  });

  it.each([
    [2, false],
    [3, true],
  ])("an event of version %d, when the view stands at 2, reads the log: %s", async (atLeast, reads) => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"));
    await hilo.project(stream);
    await hilo.record(stream, received("m2"));
    let read = false;
    const store: ProjectDeps["store"] = {
      ...hilo.store,
      read(...args) {
        read = true;
        return hilo.store.read(...args);
      },
    };
    await project({ ...hilo, store }, transcript, stream, { atLeast });
    expect(read).toBe(reads);
  });

  it.each([
    [quietEventsMax - 1, 2],
    [quietEventsMax, 2 + quietEventsMax],
  ])("%d events that change nothing leave the view at version %d", async (quiet, version) => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"));
    await hilo.project(stream);
    await hilo.record(stream, ...Array.from({ length: quiet }, () => tookOver()));
    expect(await project(hilo, transcript, stream)).toBe(2 + quiet);
    expect(await hilo.views.version("transcript@1", stream)).toBe(version);
  });

  it("what changes nothing is not written", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), tookOver());
    const written = vi.spyOn(hilo.views, "write");
    expect(await project(hilo, parkedSends, stream)).toBe(2);
    expect(written).not.toHaveBeenCalled();
  });

  it("what comes and goes again leaves nothing to whoever was writing that it came", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), sendRequested("s1"));
    let isFirst = true;
    const slow: ProjectDeps["views"] = {
      ...hilo.views,
      async write(...args) {
        if (isFirst) {
          isFirst = false;
          await hilo.record(stream, sent("s1"));
          await project(hilo, parkedSends, stream);
        }
        return hilo.views.write(...args);
      },
    };
    expect(await project({ ...hilo, views: slow }, parkedSends, stream)).toBe(3);
    await expectFold(hilo, parkedSends);
  });

  it("looks again where another write came between, though nothing seems to change", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), sendRequested("s1"));
    await hilo.project(stream);
    await hilo.record(stream, sent("s1"));
    let calls = 0;
    const raced: ProjectDeps["views"] = {
      ...hilo.views,
      async items(...args) {
        // what is projected meanwhile takes the send off the list
        if (calls++ === 0) await project(hilo, parkedSends, stream);
        return hilo.views.items(...args);
      },
    };
    const asked = vi.spyOn(raced, "version");
    expect(await project({ ...hilo, views: raced }, parkedSends, stream)).toBe(3);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it("rewrites only the items that changed", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"), received("m2"));
    await hilo.project(stream);
    await hilo.record(stream, received("m3"));
    const put: string[] = [];
    const watched: ProjectDeps["views"] = {
      ...hilo.views,
      write(name, change) {
        put.push(...change.put.map(({ key }) => key));
        return hilo.views.write(name, change);
      },
    };
    await project({ ...hilo, views: watched }, transcript, stream);
    expect(put).toEqual(["m3"]);
  });

  it("writes to the generation it is told, and to no other", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"));
    await project(hilo, transcript, stream, { generation: "transcript@7" });
    expect(await hilo.views.version("transcript@7", stream)).toBe(2);
    expect(await hilo.views.version("transcript@1", stream)).toBe(0);
  });

  it("opens no item that was stored under another key or conversation", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"));
    await hilo.project(stream);
    const [item] = await hilo.views.items("transcript@1", stream, ["m1"]);
    const body = item?.body ?? Buffer.of();
    expect(await openItem(hilo, transcript, stream, { key: "m1", body })).toMatchObject({ id: "m1" });
    await expect(openItem(hilo, transcript, stream, { key: "m2", body })).rejects.toThrow(unauthentic);
    await expect(openItem(hilo, transcript, other, { key: "m1", body })).rejects.toThrow(unauthentic);
    await expect(openItem(hilo, conversationList, stream, { key: "m1", body })).rejects.toThrow(unauthentic);
  });
});

describe("F17: an event that this program is too old to read", () => {
  const fromTheFuture = async (hilo: MemoryHilo) => {
    const body = JSON.stringify([{ type: "MessageReceived", schemaVersion: 99, data: {} }]);
    const version = 1 + (await hilo.store.log.head(stream));
    await hilo.store.log.append(
      aCommit(stream, version, { body: Buffer.from(body), subject: contactId, commitId: "future" }),
    );
  };

  it("stops the projection of its own conversation, and of no other", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"));
    await hilo.record(other, started(), received("o1"));
    await hilo.project(stream, other);
    const before = await Promise.all(views.map((view) => rows(hilo, view)));
    await fromTheFuture(hilo);
    await hilo.record(stream, received("m2"));
    await hilo.record(other, received("o2"));
    for (const view of views) {
      await expect(project(hilo, view, stream)).rejects.toThrow(UnknownEventVersion);
      await project(hilo, view, other);
    }
    expect(await Promise.all(views.map((view) => rows(hilo, view)))).toEqual(before);
    for (const view of views) await expectFold(hilo, view, other);
  });

  it("stops a rebuild, and leaves the view in use as it was", async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"));
    await hilo.project(stream);
    const before = await rows(hilo, transcript);
    await fromTheFuture(hilo);
    await expect(rebuild(hilo, transcript)).rejects.toThrow(UnknownEventVersion);
    expect(await hilo.views.current("transcript")).toBe("transcript@1");
    expect(await rows(hilo, transcript)).toEqual(before);
  });
});

describe("an erased person", () => {
  const withPerson = async () => {
    const hilo = memoryHilo();
    await hilo.record(stream, started(), received("m1"), echoed("e1"), sendRequested("s1"));
    await hilo.project(stream);
    return hilo;
  };

  it("is in no view once the erasure is projected", async () => {
    const hilo = await withPerson();
    await hilo.record(stream, erased);
    await hilo.keys.destroy(contactId);
    await hilo.project(stream);
    for (const view of views) expect(await rows(hilo, view)).toEqual({ version: 5, items: {} });
  });

  it("cannot be read in a view before that, either", async () => {
    const hilo = await withPerson();
    await hilo.keys.destroy(contactId);
    const [item] = await hilo.views.items("transcript@1", stream, ["m1"]);
    expect(item && (await openItem(hilo, transcript, stream, item))).toBeUndefined();
  });

  it("stays out of every view whatever comes after, late statuses and messages too", async () => {
    const hilo = await withPerson();
    await hilo.record(stream, erased);
    await hilo.keys.destroy(contactId);
    await hilo.project(stream);
    await hilo.record(stream, received("m2"), sendRequested("s2"));
    await hilo.project(stream);
    for (const view of views) expect((await rows(hilo, view)).items).toEqual({});
  });

  it("is in no view that is rebuilt", async () => {
    const hilo = await withPerson();
    await hilo.record(stream, erased);
    await hilo.keys.destroy(contactId);
    for (const view of views) {
      await rebuild(hilo, view);
      expect(await rows(hilo, view)).toEqual({ version: 5, items: {} });
    }
  });
});

it("time travel folds the events up to a version, and none after", async () => {
  const hilo = memoryHilo();
  await hilo.record(stream, started(), received("m1"), received("m2"));
  await hilo.record(stream, received("m3"));
  const events = [];
  for await (const page of readConversation(hilo.store, stream)) events.push(...page);
  for (const version of [0, 1, 2, 3, 4]) {
    const expected = foldInto(transcript, new Map(), events.slice(0, version));
    expect(await itemsAt(hilo.store, transcript, stream, version)).toEqual(expected);
  }
});
