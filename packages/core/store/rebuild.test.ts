import { describe, expect, it } from "vitest";
import { stream } from "../testing/given.ts";
import { memoryHilo, type MemoryHilo } from "../testing/memory-hilo.ts";
import { echoed, received, started } from "../testing/samples.ts";
import { views } from "../views/all.ts";
import { transcript } from "../views/transcript.ts";
import { openItem, project, type ProjectDeps } from "./project.ts";
import { rebuild, RebuildIncomplete } from "./rebuild.ts";
import type { ViewStore } from "./view-store.ts";

const other = stream.replace("1065550000", "1065550001");

const twoConversations = async (): Promise<MemoryHilo> => {
  const hilo = memoryHilo();
  await hilo.record(stream, started(), received("m1"));
  await hilo.record(other, started(), received("o1"));
  await hilo.record(stream, echoed("e1"));
  return hilo;
};

/** The ids of the messages that queries see, and the version that they stand at. */
const messages = async (deps: ProjectDeps, of = stream) => {
  const name = await deps.views.current(transcript.name);
  const stored = await deps.views.items(name, of, "all");
  const items = await Promise.all(stored.map((item) => openItem(deps, transcript, of, item)));
  return { version: await deps.views.version(name, of), ids: items.map((item) => item?.id) };
};

/** View stores in which this happens just before or after the swap. */
const around = (
  { views }: MemoryHilo,
  { before, after }: { before?: () => Promise<unknown>; after?: () => Promise<unknown> },
): ViewStore => ({
  ...views,
  async promote(...args) {
    await before?.();
    await views.promote(...args);
    await after?.();
  },
});

describe("a rebuild", () => {
  it("makes every view that was never projected, and puts it in use", async () => {
    const hilo = await twoConversations();
    for (const view of views)
      expect(await rebuild(hilo, view)).toEqual({
        view: view.name,
        generation: `${view.name}@2`,
        streams: 2,
      });
    expect(await messages(hilo)).toEqual({ version: 3, ids: ["e1", "m1"] });
    expect(await messages(hilo, other)).toEqual({ version: 2, ids: ["o1"] });
    for (const view of views) expect(await hilo.views.current(view.name)).toBe(`${view.name}@2`);
  });

  it("counts generations on, and leaves nothing of those before", async () => {
    const hilo = await twoConversations();
    await hilo.project(stream, other);
    await rebuild(hilo, transcript);
    expect(await rebuild(hilo, transcript)).toMatchObject({ generation: "transcript@3" });
    for (const generation of ["transcript@1", "transcript@2"]) {
      expect(await hilo.views.versions(generation)).toEqual({ groups: [] });
      expect(await hilo.views.items(generation, stream, "all")).toEqual([]);
    }
  });

  it("takes nothing over from what stood in a view, right or wrong", async () => {
    const hilo = await twoConversations();
    const wrong = { key: "ghost", body: Buffer.from("nonsense") };
    await hilo.views.write("transcript@1", {
      stream,
      subject: "subject",
      expectedVersion: 0,
      version: 3,
      put: [wrong],
      remove: [],
    });
    await rebuild(hilo, transcript);
    expect(await messages(hilo)).toEqual({ version: 3, ids: ["e1", "m1"] });
  });

  it("begins anew where another was broken off", async () => {
    const hilo = await twoConversations();
    await hilo.views.write("transcript@2", {
      stream,
      subject: "subject",
      expectedVersion: 0,
      version: 3,
      put: [{ key: "ghost", body: Buffer.from("nonsense") }],
      remove: [],
    });
    await rebuild(hilo, transcript);
    expect(await messages(hilo)).toEqual({ version: 3, ids: ["e1", "m1"] });
  });

  it("brings in what was recorded, and projected to the generation before, until the swap", async () => {
    const hilo = await twoConversations();
    const late = other.replace("1065550001", "1065550002");
    const views = around(hilo, {
      async before() {
        await hilo.record(stream, received("m2"));
        await hilo.record(late, started(), received("l1"));
        for (const one of [stream, late]) await project(hilo, transcript, one);
      },
    });
    await rebuild({ ...hilo, views }, transcript);
    expect(await messages(hilo)).toEqual({ version: 4, ids: ["e1", "m1", "m2"] });
    expect(await messages(hilo, late)).toEqual({ version: 2, ids: ["l1"] });
  });

  it("clears what a projection wrote to the generation before after the swap", async () => {
    const hilo = await twoConversations();
    const views = around(hilo, {
      after: () => project(hilo, transcript, stream, { generation: "transcript@1" }),
    });
    await rebuild({ ...hilo, views }, transcript);
    expect(await hilo.views.versions("transcript@1")).toEqual({ groups: [] });
  });

  it("that cannot reach a conversation's head changes nothing", async () => {
    const hilo = await twoConversations();
    await hilo.project(stream, other);
    // a view store that keeps nothing
    const views = { ...hilo.views, fill: async () => {} };
    const rebuilding = rebuild({ ...hilo, views }, transcript);
    await expect(rebuilding).rejects.toThrow(RebuildIncomplete);
    expect(await hilo.views.current("transcript")).toBe("transcript@1");
    expect(await messages(hilo)).toEqual({ version: 3, ids: ["e1", "m1"] });
  });

  it("tells how far it has come, in commits", async () => {
    const told: [number, number][] = [];
    await rebuild(await twoConversations(), transcript, (done, total) => told.push([done, total]));
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).toSorted((a, b) => a - b));
    expect(told.at(-1)).toEqual([3, 3]);
  });

  it("of nothing is done at once", async () => {
    expect(await rebuild(memoryHilo(), transcript)).toMatchObject({ streams: 0 });
  });
});
