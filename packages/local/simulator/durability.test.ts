import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqlite } from "#core/store/sqlite.ts";
import { png, simulated } from "./simulator.fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openSqlite(join(folder, "simulator.db"), { durability: "full" });
const fileText = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("\n");
const hi = { messaging_product: "whatsapp", to: "34600000012", type: "text", text: { body: "CANARY-REPLY" } };

test("what Hilo had not acknowledged comes after a restart, statuses and messages alike", async () => {
  const db = open();
  const first = simulated({ db, answer: () => 503 });
  const lucia = await first.named("Lucía");
  await first.act(lucia.id, { type: "text", text: "¿hola?" });
  await first.graph({ ...hi, biz_opaque_callback_data: "send-1" });
  await first.stop();
  db.close();
  expect(first.deliveries).toEqual([]);

  const again = open();
  const second = simulated({ db: again });
  await second.until(() => second.deliveries.length === 3);
  expect(second.values()[0]?.value.messages).toMatchObject([{ text: { body: "¿hola?" } }]);
  expect(second.statuses()).toMatchObject([
    { status: "sent", biz_opaque_callback_data: "send-1" },
    { status: "delivered", biz_opaque_callback_data: "send-1" },
  ]);
  const { messages } = await second.chat(lucia.id);
  expect(messages.map(({ from, ticks }) => [from, ticks])).toEqual([
    ["customer", "delivered"],
    ["business", "sent"],
  ]);
  await second.stop();
  again.close();
});

test("a webhook that is answered with anything but 200, or not at all, is repeated, ever more seldom", async () => {
  const at: number[] = [];
  const answers = [500, Number.NaN, 200];
  const sim = simulated({
    webhook: () => {
      at.push(Date.now());
      const answer = answers.shift();
      return Number.isNaN(answer)
        ? Promise.reject(new Error("connection refused"))
        : Promise.resolve(answer ?? 0);
    },
  });
  await sim.act((await sim.named("Grace")).id, { type: "text", text: "hi" });
  await sim.until(() => at.length === 3);
  const [first = 0, second = 0, third = 0] = at;
  expect(second - first).toBeGreaterThanOrEqual(1_000);
  expect(third - second).toBeGreaterThanOrEqual(2_000);
  await sim.stop();
});

test("nothing is delivered after stop has resolved", async () => {
  const sim = simulated();
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.graph(hi);
  await sim.stop();
  const count = sim.deliveries.length;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(sim.deliveries).toHaveLength(count);
});

test("nothing readable stands in the file: no number, name, text, caption, file or id from outside", async () => {
  const db = open();
  const sim = simulated({ db, answer: () => 503 });
  const lucia = await sim.named("Lucía");
  await sim.post("/simulator/customers", { name: "CANARY-NAME", phone: "+34 600 000 099" });
  await sim.act(lucia.id, { type: "text", text: "CANARY-TEXT" });
  await sim.act(lucia.id, { type: "business-answers", text: "CANARY-ECHO" });
  await sim.upload(lucia.id, { kind: "image", caption: "CANARY-CAPTION", filename: "CANARY-FILE" }, png);
  await sim.graph({ ...hi, biz_opaque_callback_data: "CANARY-CALLBACK" });
  await sim.graph({ ...hi, to: "34699999999" });
  const text = fileText();
  const secrets = [
    "CANARY",
    "Luc",
    "Ferrer",
    "600000012",
    "600000099",
    "699999999",
    "sam.rivers",
    lucia.userId,
    "PNG\r\n",
  ];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  // not even the ids of messages, which others' hold the number of
  expect(text).not.toContain("wamid.");
  await sim.stop();
  db.close();
});

test("whoever is forgotten leaves nothing behind, not even sealed; a sample customer begins anew", async () => {
  const db = open();
  const sim = simulated({ db, answer: () => 503 });
  const lucia = await sim.named("Lucía");
  const grace = await sim.named("Grace");
  await sim.post("/simulator/customers", { name: "Bea", phone: "34600000099" });
  const bea = await sim.named("Bea");
  for (const { id } of [lucia, grace, bea]) await sim.act(id, { type: "text", text: "hola" });
  await sim.upload(lucia.id, { kind: "image" }, png);
  await sim.graph(hi);
  await sim.graph({ ...hi, to: "34699999999" });
  const ids = (await Promise.all([lucia, bea].map(({ id }) => sim.chat(id)))).flatMap(({ messages }) =>
    messages.map(({ wamid }) => wamid),
  );
  await sim.forget("+34 600 000 012", bea.userId, "34699999999");

  const text = fileText();
  expect(ids).toHaveLength(4);
  expect([lucia.id, bea.id, ...ids].filter((id) => text.includes(id))).toEqual([]);
  expect(text).toContain(grace.id);
  const count = (table: string) => db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"];
  expect([count("messages"), count("media"), count("webhooks")]).toEqual([1, 0, 1]);
  const { customers } = await sim.state();
  expect(customers.map(({ name }) => name)).toEqual([
    "Grace Okafor",
    "Mateo Ibáñez",
    "Sam Rivers",
    "Lucía Ferrer",
  ]);
  expect((await sim.named("Lucía")).id).not.toBe(lucia.id);
  expect((await sim.chat((await sim.named("Lucía")).id)).messages).toEqual([]);
  await sim.stop();
  db.close();
});
