/** `hilo` on the data of a Hilo that is stopped. */
import { spawn } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openItem } from "#core/store/project.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { views } from "#core/views/all.ts";
import { hiloOnDisk, linesOf, type HiloOnDisk } from "./testing/hilo-on-disk.ts";

const contacts = ["34600000001", "34600000002"];

let hilo: HiloOnDisk;
beforeAll(async () => {
  hilo = await hiloOnDisk();
  await Promise.all(contacts.map((contact) => hilo.run("send", "hola", "--as", contact)));
  await vi.waitFor(delivered, { timeout: 10_000, interval: 200 });
  await hilo.stop();
}, 30_000);
afterAll(() => hilo.remove());

/** After that, nothing more happens of itself for a while. */
const delivered = async () => {
  const all = await Promise.all(contacts.map((contact) => hilo.run("events", contact, "--json")));
  for (const { stdout } of all) expect(stdout).toContain('"status":"delivered"');
};

/** Every item of every view, opened. */
const allItems = () =>
  hilo.withStores(async ({ store, views: viewStore }) => {
    const items: unknown[] = [];
    for (const view of views) {
      const name = await viewStore.current(view.name);
      for (const { stream } of (await viewStore.versions(name)).groups)
        for (const item of await viewStore.items(name, stream, "all"))
          items.push([
            view.name,
            stream,
            item.key,
            item.index,
            await openItem({ store }, view, stream, item),
          ]);
    }
    return items;
  });

it("rebuild makes every view what it was", async () => {
  const before = await allItems();
  expect(before.length).toBeGreaterThan(6);
  const rebuilt = await hilo.run("rebuild", "--all", "--json");
  expect(linesOf(rebuilt)).toMatchObject(
    views.map(({ name }) => ({ view: name, generation: `${name}@2`, streams: 2 })),
  );
  expect(rebuilt).toMatchObject({ code: 0, stderr: "" });
  expect(await allItems()).toEqual(before);
});

it("audit finds rows that are missing from a view, and repairs them", async () => {
  const before = await allItems();
  const db = openSqlite(join(hilo.dataDir, "work.db"), { durability: "normal" });
  db.exec(
    "DELETE FROM view_items WHERE view LIKE 'transcript@%'; DELETE FROM view_groups WHERE view LIKE 'transcript@%'",
  );
  db.close();
  const found = await hilo.run("audit", "--grace", "0");
  expect(found).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("✗ transcript is behind on 2 conversations") as string,
  });
  expect(await hilo.run("audit", "--grace", "0", "--repair")).toMatchObject({ code: 0 });
  expect(await hilo.run("audit", "--grace", "0")).toMatchObject({ code: 0 });
  expect(await allItems()).toEqual(before);
});

it("audit tells of events that wait for Hilo to publish them", async () => {
  await hilo.withStores(({ queues }) => queues.send([], { name: "published", value: "0" }));
  const { code, stdout } = await hilo.run("audit", "--grace", "0", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ well: false, behind: { transcript: 0 } });
  expect((JSON.parse(stdout) as { unpublished: { late: number } }).unpublished.late).toBeGreaterThan(5);
});

it("dead letters are listed and put back", async () => {
  await hilo.withStores(async ({ queues }) => {
    await queues.send([{ queue: "transcript", body: "no event" }]);
    for (const { id } of await queues.receive("transcript", { max: 10, visibilityMs: 1_000 }))
      await queues.bury("transcript", id, "failed 5 times");
  });
  const [letter, ...others] = linesOf(await hilo.run("dlq", "list", "--json"));
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ queue: "transcript", reason: "failed 5 times" });
  expect((await hilo.run("doctor")).stdout).toContain(
    "transcript: 0 waiting, 0 under way, 0 delayed, 1 given up",
  );
  expect(await hilo.run("dlq", "redrive", "transcript", "--id", "99999")).toMatchObject({ code: 1 });
  expect(await hilo.run("dlq", "redrive", "transcript", "--id", String(letter?.["id"]))).toMatchObject({
    code: 0,
  });
  expect((await hilo.run("dlq", "list")).stdout).toBe("");
});

it("events works, and stops quietly when nobody reads on", async () => {
  const program = new URL("main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, "events", "34600000001"], {
    env: hilo.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let problems = "";
  child.stderr.on("data", (chunk) => (problems += String(chunk)));
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  expect(problems.replace(/.*ExperimentalWarning.*\n.*\n/, "")).toBe("");
});

it("send says that Hilo is not running", async () => {
  const { code, stderr, stdout } = await hilo.run("send", "hola", "--as", "34600000001");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^hilo: Hilo is not running at http:\/\/localhost:\d+: start it with npm start, or name another with --url\n$/,
  );
});

it("doctor names what is wrong, and what to do", async () => {
  chmodSync(join(hilo.dataDir, "master.key"), 0o644);
  const { code, stdout } = await hilo.run("doctor");
  chmodSync(join(hilo.dataDir, "master.key"), 0o600);
  expect(code).toBe(1);
  expect(stdout).toMatch(/✗ .*master\.key can be read by others \(mode 0644\)\n {4}chmod 600 /);
  expect(stdout).toContain("✓ Hilo is not running, and port");
});
