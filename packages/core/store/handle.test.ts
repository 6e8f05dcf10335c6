import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, initial, reducer, type Conversation } from "../domain/conversation.ts";
import type { Decision } from "../domain/decision.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { noon, stream } from "../testing/given.ts";
import { memoryHilo, type MemoryHilo } from "../testing/memory-hilo.ts";
import { received, started } from "../testing/samples.ts";
import { knows, seenIds } from "../domain/seen.ts";
import type { EventStore } from "./event-store.ts";
import { attemptsMax, commitsPerSnapshot, Contention, handle, load, type HandleDeps } from "./handle.ts";
import { readConversation } from "./read-conversation.ts";

/** Of the log in memory. */
const commitsPerPage = 100;

const depsOf = (store: EventStore) => {
  const slept: number[] = [];
  let ids = 0;
  const deps: HandleDeps = {
    store,
    clock: () => new Date(noon),
    newId: () => `id-${++ids}`,
    random: () => 0.5,
    sleep: async (ms) => void slept.push(ms),
  };
  return { deps, slept };
};

/** A store in which somebody else is quicker, this many times. */
const outrun = (hilo: MemoryHilo, times: number): EventStore => {
  let left = times;
  return {
    ...hilo.store,
    async append(append) {
      if (left-- > 0) await hilo.record(stream, received(`rival-${left}`));
      return hilo.store.append(append);
    },
  };
};

/** A store that counts the pages of commits that are read from it. */
const counting = (store: EventStore) => {
  const counted = { pages: 0 };
  const log: EventStore["log"] = {
    ...store.log,
    async *read(...args) {
      for await (const page of store.log.read(...args)) {
        counted.pages++;
        yield page;
      }
    },
  };
  return { store: { ...store, log }, counted };
};

const eventsIn = async ({ store }: MemoryHilo) => {
  const all = [];
  for await (const events of readConversation(store, stream)) all.push(...events);
  return all;
};

const knowsOf = ({ seen }: Conversation, id: string): boolean => knows(seen, id);

const folded = async (hilo: MemoryHilo): Promise<Conversation> => fold(initial, await eventsIn(hilo));

/** A conversation of so many commits, none by `handle`. */
const hiloWith = async (commits: number): Promise<MemoryHilo> => {
  const hilo = memoryHilo();
  for (let commit = 1; commit <= commits; commit++)
    await hilo.record(stream, commit === 1 ? started() : received(`m${commit}`));
  return hilo;
};

const always =
  (...events: ConversationEvent[]) =>
  (): Decision =>
    events;

describe("handling a command", () => {
  it("appends what is decided as one commit, and answers the events and the state after them", async () => {
    const hilo = memoryHilo();
    const { deps } = depsOf(hilo.store);
    const { state, events } = await handle(deps, stream, always(started(), received("m1")), "cause@1");
    const position = { stream, commitId: "id-1", at: noon, causationId: "cause@1" };
    expect(events).toEqual([
      { ...started(), ...position, version: 1 },
      { ...received("m1"), ...position, version: 2 },
    ]);
    expect(await eventsIn(hilo)).toEqual(events);
    expect(state).toEqual(await folded(hilo));
  });

  it("decides on everything that is recorded", async () => {
    const hilo = await hiloWith(3);
    const versions: number[] = [];
    await handle(depsOf(hilo.store).deps, stream, (state) => {
      versions.push(state.version);
      return [];
    });
    expect(versions).toEqual([3]);
  });

  it("appends nothing when it is refused, and says why", async () => {
    const hilo = await hiloWith(2);
    const refused = await handle(depsOf(hilo.store).deps, stream, () => ({
      rejected: "conversation-moved",
    }));
    expect(refused).toEqual({ state: await folded(hilo), events: [], rejected: "conversation-moved" });
    expect(await eventsIn(hilo)).toHaveLength(2);
  });

  it("appends nothing when there is nothing to do", async () => {
    const hilo = await hiloWith(2);
    expect(await handle(depsOf(hilo.store).deps, stream, always())).toEqual({
      state: await folded(hilo),
      events: [],
    });
    expect(await hilo.store.log.size()).toBe(2);
  });

  it("writes to conversations only", async () => {
    const hilo = memoryHilo();
    const handled = handle(depsOf(hilo.store).deps, "update-1", always(received("m1")));
    await expect(handled).rejects.toThrow("not the stream of a conversation");
    expect(await hilo.store.log.size()).toBe(0);
  });
});

describe("when somebody else was quicker", () => {
  it("reads what they wrote and decides again", async () => {
    const hilo = await hiloWith(1);
    const { deps } = depsOf(outrun(hilo, 1));
    const seen: string[][] = [];
    const { events } = await handle(deps, stream, (state) => {
      seen.push(Object.keys(seenIds(state.seen)));
      return [received("mine")];
    });
    expect(seen).toEqual([[], ["rival-0"]]);
    expect(events.map(({ version }) => version)).toEqual([3]);
    expect((await eventsIn(hilo)).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it("may decide otherwise then", async () => {
    const hilo = await hiloWith(1);
    const { deps } = depsOf(outrun(hilo, 1));
    const decide = (state: Conversation) => (knowsOf(state, "rival-0") ? [] : [received("mine")]);
    expect((await handle(deps, stream, decide)).events).toEqual([]);
    expect(await hilo.store.log.head(stream)).toBe(2);
  });

  it(`F10: succeeds at attempt ${attemptsMax}`, async () => {
    const hilo = await hiloWith(1);
    const { deps } = depsOf(outrun(hilo, attemptsMax - 1));
    const { events } = await handle(deps, stream, always(received("mine")));
    expect(events.map(({ version }) => version)).toEqual([attemptsMax + 1]);
  });

  it(`F10: gives up after ${attemptsMax} attempts, and has written nothing`, async () => {
    const hilo = await hiloWith(1);
    const { deps } = depsOf(outrun(hilo, attemptsMax));
    let decisions = 0;
    const handled = handle(deps, stream, () => {
      decisions++;
      return [received("mine")];
    });
    await expect(handled).rejects.toThrow(Contention);
    expect(decisions).toBe(attemptsMax);
    expect(await hilo.store.log.head(stream)).toBe(1 + attemptsMax);
    expect(knowsOf(await folded(hilo), "mine")).toBe(false);
  });

  it("waits longer each time, as chance has it", async () => {
    const { deps, slept } = depsOf(outrun(await hiloWith(1), 5));
    await handle(deps, stream, always(received("mine")));
    expect(slept).toEqual([1, 2, 4, 8, 16]);
  });

  it("F10: up to eight racers all succeed, each once, without a gap", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: attemptsMax }), fc.scheduler(), async (racers, s) => {
        const hilo = await hiloWith(1);
        const store: EventStore = {
          ...hilo.store,
          async append(append) {
            await s.schedule(Promise.resolve());
            return hilo.store.append(append);
          },
        };
        const ids = Array.from({ length: racers }, (_, racer) => `racer-${racer}`);
        // each in a process of its own
        const race = ids.map((id) =>
          handle({ ...depsOf({ ...store }).deps, newId: () => id }, stream, (state) =>
            knowsOf(state, id) ? [] : [received(id), received(`${id}-too`)],
          ),
        );
        await s.waitFor(Promise.all(race));
        const events = await eventsIn(hilo);
        expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
        expect(Object.keys(seenIds((await folded(hilo)).seen)).toSorted()).toEqual(
          ids.flatMap((id) => [id, `${id}-too`]).toSorted(),
        );
      }),
      { numRuns: 30 },
    ));
});

describe("in one process", () => {
  const ids = Array.from({ length: 50 }, (_, writer) => `writer-${writer}`);

  it("50 writers to one conversation all succeed, in the order in which they came, each on what the one before left", async () => {
    const hilo = await hiloWith(1);
    const { store, counted } = counting(hilo.store);
    const { deps, slept } = depsOf(store);
    const known: number[] = [];
    const writing = ids.map((id) =>
      handle(deps, stream, ({ seen }) => {
        known.push(Object.keys(seenIds(seen)).length);
        return [received(id)];
      }),
    );
    const versions = (await Promise.all(writing)).map(({ state }) => state.version);
    expect(versions).toEqual(ids.map((_, place) => place + 2));
    expect(known).toEqual(ids.map((_, place) => place));
    expect(Object.keys(seenIds((await folded(hilo)).seen))).toEqual(ids);
    expect({ ...counted, slept }).toEqual({ pages: 1, slept: [] });
  });

  it("writers to different conversations do not wait for each other", async () => {
    const hilo = memoryHilo();
    const other = stream.replace("01JD", "01JE");
    const never = new Promise<boolean>(() => {});
    const store: EventStore = {
      ...hilo.store,
      append: (append) => (append.stream === stream ? never : hilo.store.append(append)),
    };
    const { deps } = depsOf(store);
    void handle(deps, stream, always(started()));
    expect((await handle(deps, other, always(started()))).state.version).toBe(1);
  });

  it("a writer that fails holds up nobody, and leaves nothing", async () => {
    const hilo = await hiloWith(1);
    const { deps } = depsOf(hilo.store);
    const failing = handle(deps, stream, () => {
      throw new Error("a bug");
    });
    const next = handle(deps, stream, always(received("next")));
    await expect(failing).rejects.toThrow("a bug");
    expect((await next).state.version).toBe(2);
  });

  it("what is left counts only for an append: a refusal, or nothing to do, is decided on what is stored now", async () => {
    const hilo = await hiloWith(1);
    const store: EventStore = {
      ...hilo.store,
      // another process appends right after the first
      async append(append) {
        const appended = await hilo.store.append(append);
        if (append.expectedVersion === 1) await hilo.record(stream, received("rival"));
        return appended;
      },
    };
    const { deps } = depsOf(store);
    const refusing = (state: Conversation): Decision =>
      knowsOf(state, "rival") ? [received("second")] : { rejected: "no-such-send" };
    const [, second] = await Promise.all([
      handle(deps, stream, always(received("first"))),
      handle(deps, stream, refusing),
    ]);
    expect(second.events.map(({ version }) => version)).toEqual([4]);
  });

  it("whoever is outrun by another process reads what it wrote", async () => {
    const hilo = await hiloWith(1);
    const { deps } = depsOf(hilo.store);
    const first = handle(deps, stream, always(received("first")));
    const second = handle(deps, stream, (state) => [
      received(knowsOf(state, "rival") ? "after-rival" : "before-rival"),
    ]);
    await hilo.record(stream, received("rival"));
    await Promise.all([first, second]);
    expect(Object.keys(seenIds((await folded(hilo)).seen))).toContain("after-rival");
  });

  it("a snapshot is kept once every so many commits", async () => {
    const hilo = memoryHilo();
    const saved: number[] = [];
    const log: EventStore["log"] = {
      ...hilo.store.log,
      async saveSnapshot(snapshot) {
        saved.push(snapshot.version);
      },
    };
    const { deps } = depsOf({ ...hilo.store, log });
    const writing = Array.from({ length: commitsPerSnapshot * 2 + 1 }, (_, commit) =>
      handle(deps, stream, always(received(`m${commit}`))),
    );
    await Promise.all(writing);
    expect(saved).toEqual([commitsPerSnapshot, commitsPerSnapshot * 2]);
  });
});

describe("a snapshot", () => {
  /** So many decisions of one event each. */
  const handleTimes = async (hilo: MemoryHilo, from: number, to: number): Promise<void> => {
    const { deps } = depsOf(hilo.store);
    for (let commit = from; commit <= to; commit++)
      await handle(deps, stream, always(commit === 1 ? started() : received(`m${commit}`)));
  };

  it.each([
    [commitsPerSnapshot - 1, undefined],
    [commitsPerSnapshot, commitsPerSnapshot],
    [commitsPerSnapshot * 2 - 1, commitsPerSnapshot],
    [commitsPerSnapshot * 2, commitsPerSnapshot * 2],
  ])("after %d commits is of version %s", async (commits, version) => {
    const hilo = memoryHilo();
    await handleTimes(hilo, 1, commits);
    expect((await hilo.store.log.snapshot(stream))?.version).toBe(version);
  });

  it("and what came after it are the fold of everything", async () => {
    const hilo = memoryHilo();
    for (const [from, to] of [
      [1, commitsPerSnapshot],
      [commitsPerSnapshot + 1, commitsPerSnapshot + 1],
      [commitsPerSnapshot + 2, commitsPerSnapshot * 2 - 1],
      [commitsPerSnapshot * 2, commitsPerSnapshot * 2 + 5],
    ] as const) {
      await handleTimes(hilo, from, to);
      expect((await load(hilo.store, stream)).state).toEqual(await folded(hilo));
    }
  });

  it(`and ${commitsPerSnapshot - 1} commits after it take one page to read`, async () => {
    const hilo = memoryHilo();
    await handleTimes(hilo, 1, commitsPerSnapshot * 2 - 1);
    const { store, counted } = counting(hilo.store);
    expect(await load(store, stream)).toMatchObject({ commits: commitsPerSnapshot - 1 });
    expect(counted.pages).toBe(1);
  });

  it(`and ${commitsPerSnapshot} commits after it, which came by other ways, too`, async () => {
    const hilo = memoryHilo();
    await handleTimes(hilo, 1, commitsPerSnapshot);
    for (let commit = 1; commit <= commitsPerSnapshot; commit++)
      await hilo.record(stream, received(`o${commit}`));
    const { store, counted } = counting(hilo.store);
    expect((await load(store, stream)).state).toEqual(await folded(hilo));
    expect(counted.pages).toBe(1);
  });

  it("is not needed: without one, every page is read", async () => {
    const hilo = await hiloWith(2 * commitsPerPage + 1);
    const { store, counted } = counting(hilo.store);
    expect((await load(store, stream)).state).toEqual(await folded(hilo));
    expect(counted.pages).toBe(3);
  });

  it("is kept at the next decision when many commits came by other ways", async () => {
    const hilo = await hiloWith(commitsPerSnapshot * 2);
    await handle(depsOf(hilo.store).deps, stream, always(received("one more")));
    expect((await hilo.store.log.snapshot(stream))?.version).toBe(commitsPerSnapshot * 2 + 1);
  });

  /** A snapshot that says what never was, so that it shows whether it is heeded. */
  const plant = async ({ store }: MemoryHilo, reducer: string): Promise<void> => {
    const state: Conversation = { ...initial, version: 2, owner: "human" };
    const body = await store.codec.seal(
      "01JD0000000000000000000000",
      state,
      `snapshot/${stream}@${state.version}`,
    );
    await store.log.saveSnapshot({ stream, version: 2, reducer, body: body ?? Buffer.of() });
  };

  it("is heeded when this program's reducer made it", async () => {
    const hilo = await hiloWith(3);
    await plant(hilo, reducer);
    expect((await load(hilo.store, stream)).state).toMatchObject({ version: 3, owner: "human" });
  });

  it("is ignored when another reducer made it", async () => {
    const hilo = await hiloWith(3);
    await plant(hilo, `${reducer}-before`);
    expect((await load(hilo.store, stream)).state).toEqual(await folded(hilo));
  });

  it("is neither read nor written once the person's key is destroyed", async () => {
    const hilo = memoryHilo();
    await handleTimes(hilo, 1, commitsPerSnapshot);
    await hilo.keys.destroy("01JD0000000000000000000000");
    await handle(depsOf(hilo.store).deps, stream, always({ type: "ContactErased", data: {} }));
    expect((await load(hilo.store, stream)).state).toEqual(await folded(hilo));
    expect((await hilo.store.log.snapshot(stream))?.version).toBe(commitsPerSnapshot);
  });
});

it("an unknown conversation is at version 0", async () => {
  expect(await load(memoryHilo().store, stream)).toEqual({ state: initial, commits: 0 });
});
