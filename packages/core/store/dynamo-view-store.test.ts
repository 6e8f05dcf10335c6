import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDynalite } from "../testing/dynalite.ts";
import { newDynamoTable } from "../testing/dynamo-table.ts";
import { watch } from "../testing/watched-client.ts";
import { viewGroups } from "./dynamo-view-groups.ts";
import { dynamoViewStore } from "./dynamo-view-store.ts";
import { viewStoreContract } from "./view-store.contract.ts";
import type { StoredItem, ViewChange, ViewStore } from "./view-store.ts";

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => void (server = await startDynalite()));
afterAll(async () => server.stop());

viewStoreContract("DynamoDB (dynalite)", async () =>
  dynamoViewStore(await newDynamoTable(server.endpoint, "views")),
);

describe("view stores that remember the current generation", () => {
  it("all know of a promotion when it is done", async () => {
    const options = { ...(await newDynamoTable(server.endpoint, "views")), trustMs: 300 };
    const [one, other] = [dynamoViewStore(options), dynamoViewStore(options)];
    expect([await one.current("v"), await other.current("v")]).toEqual(["v@1", "v@1"]);
    await one.promote("v", "v@2");
    expect([await one.current("v"), await other.current("v")]).toEqual(["v@2", "v@2"]);
  });
});

describe("view stores on one table", () => {
  it("refuse a write on what another has changed since it was read", async () => {
    const options = await newDynamoTable(server.endpoint, "views");
    const [one, other] = [dynamoViewStore(options), dynamoViewStore(options)];
    const write = (store: ViewStore, version: number) =>
      store.write("v@1", {
        stream: "s",
        subject: "p",
        expectedVersion: version - 1,
        version,
        put: [],
        remove: [],
      });
    await write(one, 1);
    expect([await one.version("v@1", "s"), await other.version("v@1", "s")]).toEqual([1, 1]);
    expect(await write(other, 2)).toBe(true);
    expect(await write(one, 2)).toBe(false);
    expect(await one.version("v@1", "s")).toBe(2);
    expect(await write(one, 3)).toBe(true);
  });
});

describe("a change of several items", () => {
  const view = "transcript@1";
  const item = (key: string, body = key): StoredItem => ({
    key,
    body: Buffer.from(body),
    index: { partition: "s", sort: key },
  });
  const change = (version: number, put: StoredItem[], remove: string[] = []): ViewChange => ({
    stream: "s",
    subject: "p",
    expectedVersion: version - 1,
    version,
    put,
    remove,
  });
  const listed = async (store: ViewStore) =>
    (await store.list(view, { partition: "s", limit: 50 })).items.map(
      ({ key, body }) => `${key}=${Buffer.from(body).toString()}`,
    );
  const read = async (store: ViewStore) =>
    (await store.items(view, "s", "all")).map(({ key, body }) => `${key}=${Buffer.from(body).toString()}`);

  /** A store whose writer dies after so many more puts. */
  const mortal = async () => {
    const { client, table } = await newDynamoTable(server.endpoint, "views");
    const other = await newDynamoTable(server.endpoint, "views");
    let putsLeft = Number.POSITIVE_INFINITY;
    const puts: string[] = [];
    watch(client, {
      before: ({ command, input }) => {
        if (command !== "PutItemCommand") return;
        if (putsLeft-- <= 0) throw new Error("crash");
        puts.push(String((input["Item"] as Record<string, { S?: string }>)["sk"]?.S));
      },
    });
    return {
      store: dynamoViewStore({ client, table }),
      later: dynamoViewStore({ client: other.client, table }),
      groups: viewGroups(other.client, table),
      table,
      puts,
      dieAfter: (puts: number) => (putsLeft = puts),
    };
  };

  it.each([1, 2])(
    "is there whole when its writer dies after %i puts, and mended by the next",
    async (puts) => {
      const { store, later, dieAfter } = await mortal();
      await store.write(view, change(1, [item("a", "old"), item("b", "old")]));
      dieAfter(puts);
      await expect(store.write(view, change(2, [item("a", "new"), item("c")], ["b"]))).rejects.toThrow(
        "crash",
      );
      expect(await read(later)).toEqual(["a=new", "c=c"]);
      expect(
        (await later.page(view, "s", { direction: "forwards", limit: 1 })).map(({ key }) => key),
      ).toEqual(["a"]);
      expect(await later.write(view, change(3, [item("d")]))).toBe(true);
      expect(await read(later)).toEqual(["a=new", "c=c", "d=d"]);
      expect(await listed(later)).toEqual(["d=d", "c=c", "a=new"]);
    },
  );

  it.each([
    { size: 1, puts: 1 },
    { size: 100_000, puts: 4 },
  ])("of $size bytes an item is read whole, and not mended, by who only reads", async ({ size, puts }) => {
    const { store, dieAfter, table } = await mortal();
    await store.write(view, change(1, [item("a"), item("b")]));
    dieAfter(puts);
    const items = ["c", "d", "e", "f"].map((key) => item(key, "x".repeat(size)));
    await expect(store.write(view, change(2, items, ["a"]))).rejects.toThrow("crash");
    const { client } = await newDynamoTable(server.endpoint, "views");
    const written: string[] = [];
    watch(client, {
      before: ({ command }) => void (/Put|Write|Delete/.test(command) && written.push(command)),
    });
    const reader = dynamoViewStore({ client, table, isReadOnly: true });
    expect(await reader.version(view, "s")).toBe(2);
    expect((await reader.items(view, "s", "all")).map(({ key }) => key)).toEqual(["b", "c", "d", "e", "f"]);
    expect(written).toEqual([]);
  });

  it("is mended by whoever asks for the version, as the repeat of its event does", async () => {
    const { store, later, dieAfter } = await mortal();
    dieAfter(1);
    await expect(store.write(view, change(1, [item("a"), item("b")]))).rejects.toThrow("crash");
    expect(await listed(later)).toEqual([]);
    expect(await later.version(view, "s")).toBe(1);
    expect(await listed(later)).toEqual(["b=b", "a=a"]);
  });

  it("never goes back when a writer that was thought dead goes on", async () => {
    const { store, later, dieAfter, groups } = await mortal();
    await store.write(view, change(1, [item("a", "1"), item("b", "1")]));
    dieAfter(1);
    await expect(store.write(view, change(2, [item("a", "2"), item("b", "2")]))).rejects.toThrow("crash");
    const late = await groups.readGate(view, "s");
    for (const version of [3, 4])
      await later.write(view, change(version, [item("a", String(version))], ["b"]));
    if (late) await groups.settle(view, "s", late, { isNew: true });
    expect(await read(later)).toEqual(["a=4"]);
    expect(await listed(later)).toEqual(["a=4"]);
  });

  it("is not there at all when its writer dies before the gate", async () => {
    const { store, later, dieAfter } = await mortal();
    dieAfter(0);
    await expect(store.write(view, change(1, [item("a"), item("b")]))).rejects.toThrow("crash");
    expect([await later.version(view, "s"), await read(later)]).toEqual([0, []]);
  });

  it("costs one put more than its items, and one alone costs one", async () => {
    const { store, puts } = await mortal();
    await store.write(view, change(1, [item("a")]));
    expect(puts).toEqual(["!"]);
    await store.write(view, change(2, [item("a", "new")]));
    expect(puts).toEqual(["!", "!"]);
    await store.write(view, change(3, [item("b")]));
    expect(puts.slice(2).toSorted()).toEqual(["!", "ia", "ib"]);
    await store.write(view, change(4, [item("b", "new")]));
    expect(puts.slice(5)).toEqual(["!", "ib"]);
    expect(await read(store)).toEqual(["a=new", "b=new"]);
  });

  it.each([0, 1, 4, 9])(
    "of many megabytes is written all the same, and mended after %i puts",
    async (puts) => {
      const { store, later, dieAfter } = await mortal();
      await store.write(view, change(1, [item("a"), item("b")]));
      const large = Array.from({ length: 8 }, (_, number) => item(`c${number}`, "x".repeat(100_000)));
      dieAfter(puts);
      await expect(store.write(view, change(2, large, ["a"]))).rejects.toThrow("crash");
      const isCommitted = puts > 3;
      expect(await later.version(view, "s")).toBe(isCommitted ? 2 : 1);
      expect((await later.items(view, "s", "all")).map(({ key }) => key)).toEqual(
        isCommitted ? ["b", ...large.map(({ key }) => key)] : ["a", "b"],
      );
      expect(await later.write(view, change(isCommitted ? 3 : 2, [item("z")]))).toBe(true);
      expect((await later.items(view, "s", ["c7", "z"])).map(({ body }) => body.length)).toEqual(
        isCommitted ? [100_000, 1] : [1],
      );
    },
  );
});
