/** Nothing that a person wrote, nor who they are, can be read anywhere once they are erased (D12). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hiloOnDisk, linesOf, type HiloOnDisk } from "./testing/hilo-on-disk.ts";

const canary = "canary-7f3a9c51";
const phone = "34600998877";
const name = "Aurelia Canario";

let hilo: HiloOnDisk;
beforeEach(async () => {
  hilo = await hiloOnDisk();
  await Promise.all([
    hilo.run("send", `hola ${canary}`, "--as", phone, "--name", name),
    hilo.run("send", "hola, soy Bruno", "--as", "ES.1047ab", "--name", "Bruno"),
  ]);
});
afterEach(() => hilo.remove());

const eventsOf = async (conversation: string) => linesOf(await hilo.run("events", conversation, "--json"));

/** Names of files in which one of these bytes stands, as text or in base64. */
const filesWith = (...needles: (string | Uint8Array)[]): string[] => {
  const wanted = needles.flatMap((needle) => {
    const bytes = Buffer.from(needle);
    return [
      bytes,
      Buffer.from(bytes.toString("base64").replace(/=+$/, "")),
      Buffer.from(bytes.toString("base64url")),
    ];
  });
  const entries = readdirSync(hilo.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted.some((bytes) => readFileSync(path).includes(bytes)));
};

const rows = (file: string, sql: string, ...values: string[]): Record<string, unknown>[] => {
  const db = new DatabaseSync(join(hilo.dataDir, file), { readOnly: true });
  const found = db.prepare(sql).all(...values);
  db.close();
  return found;
};

/** The simulator's rows of each customer. */
const simulated = () =>
  rows(
    "simulator.db",
    "SELECT customer FROM messages UNION ALL SELECT customer FROM webhooks UNION ALL SELECT id FROM customers",
  ).map(({ customer }) => String(customer));

it.each(["while Hilo runs", "while Hilo is stopped"])("erase leaves nothing readable %s", async (when) => {
  const [mine] = linesOf(await hilo.run("conversations", "--json")).filter(
    ({ contact }) => (contact as { phone?: string }).phone === phone,
  );
  const [stream, contactId] = [String(mine?.["id"]), String(mine?.["contactId"])];
  const before = await eventsOf(stream);
  const others = await eventsOf("ES.1047ab");
  const [key] = rows("people.db", "SELECT wrapped FROM data_keys WHERE subject = ?", contactId);
  const wrapped = key?.["wrapped"] as Uint8Array;
  expect(filesWith(wrapped)).not.toEqual([]);
  const customers = new Set(simulated());
  if (when === "while Hilo is stopped") await hilo.stop();

  const erased = await hilo.run("erase", `+${phone}`, "--yes", "--json");
  expect(erased.code).toBe(0);
  expect(linesOf(erased)).toEqual([{ contactIds: [contactId], streams: [stream] }]);

  const after = await eventsOf(stream);
  expect(after.map(({ version }) => version)).toEqual(after.map((_, index) => index + 1));
  expect(after.length).toBeGreaterThan(before.length);
  expect(after.slice(0, before.length).map(({ type }) => type)).toEqual(before.map(({ type }) => type));
  expect(after).toContainEqual(
    expect.objectContaining({
      type: "MessageReceived",
      data: expect.objectContaining({ content: { type: "text", text: "[erased]" } }) as object,
    }),
  );
  expect((await eventsOf("ES.1047ab")).slice(0, others.length)).toEqual(others);
  expect(linesOf(await hilo.run("conversations", "--json"))).toMatchObject([{ contact: { name: "Bruno" } }]);
  const left = new Set(simulated());
  expect([...customers].filter((customer) => !left.has(customer))).toHaveLength(1);
  expect(await hilo.run("events", phone)).toMatchObject({ code: 1 });

  const isRunning = when === "while Hilo runs";
  const again = isRunning ? linesOf(await hilo.run("send", "hola otra vez", "--as", phone, "--json")) : [];
  expect(again.map(({ conversation }) => conversation)).not.toContain(stream);
  if (isRunning) await hilo.stop();
  expect(filesWith(canary, name, wrapped)).toEqual([]);
  expect(filesWith(phone)).toEqual([]);
});

it("erase asks first, and cannot where there is no terminal", async () => {
  await hilo.stop();
  expect(await hilo.run("erase", phone)).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("--yes is needed") as string,
  });
  expect(await hilo.run("events", phone)).toMatchObject({ code: 0 });
});
