import { afterEach, expect, test } from "vitest";
import { parseWebhook } from "#core/clients/whatsapp/webhook.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { simulated, type Simulated } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const fields = () => sim.values().map(({ field }) => field);
const held = async (id: string) => (await sim.chat(id)).heldByMetaAgent;
const holds = async (id: string, is: boolean) =>
  expect((await sim.act(id, { type: "meta-agent", holds: is })).status).toBe(200);

test("while Meta's agent holds the chat, it answers, and Hilo hears of both in standby", async () => {
  const db = openSqlite(":memory:", { durability: "normal" });
  sim = simulated({ db });
  const lucia = await sim.named("Lucía");
  await holds(lucia.id, true);
  await holds(lucia.id, true);
  await sim.until(() => sim.deliveries.length === 1);
  await sim.stop();
  sim = simulated({ db });
  expect(await held(lucia.id)).toBe(true);
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 2);
  expect(sim.values()).toMatchObject([
    { field: "standby", value: { standby: { messages: [{ text: { body: "hola" } }] } } },
    { field: "standby", value: { standby: { message_echoes: [{ type: "text" }] } } },
  ]);
  const { messages } = await sim.chat(lucia.id);
  expect(messages.map(({ from, byMetaAgent }) => [from, byMetaAgent])).toEqual([
    ["customer", undefined],
    ["business", true],
  ]);
});

test("Hilo reads these webhooks as they are meant", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  await holds(lucia.id, true);
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 3);
  const ids = { receivedAt: new Date().toISOString(), messageId: (id: string) => id, digest: () => "d" };
  const updates = sim.deliveries.flatMap(({ raw }) =>
    parseWebhook(JSON.parse(raw), ids as unknown as Parameters<typeof parseWebhook>[1]),
  );
  expect(updates).toMatchObject([
    { kind: "account", field: "messaging_handovers", sender: { phone: lucia.phone } },
    { event: { type: "MessageReceived", data: { noReply: "standby" } }, sender: { phone: lucia.phone } },
    { event: { type: "MessageEchoed", data: { by: "bot" } }, sender: { phone: lucia.phone } },
  ]);
});

test("handed back, messages come as ever", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  await holds(lucia.id, true);
  await holds(lucia.id, false);
  await holds(lucia.id, false);
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 3);
  expect(fields()).toEqual(["messaging_handovers", "messaging_handovers", "messages"]);
  expect(sim.values().map(({ value: { control_passed: passed } }) => passed?.new_owner_role)).toEqual([
    "ai_agent",
    "escalation",
    undefined,
  ]);
});

test("a service message from Hilo takes the chat back, a template does not", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await holds(lucia.id, true);
  const to = { messaging_product: "whatsapp", to: "34600000012" };
  const hello = { name: "hello_world", language: { code: "en" } };
  await sim.graph({ ...to, type: "template", template: hello });
  expect(await held(lucia.id)).toBe(true);
  await sim.graph({ ...to, type: "text", text: { body: "Ya estoy aquí." } });
  expect(await held(lucia.id)).toBe(false);
});

test("a reaction is heard and not answered", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  const [first] = (await sim.chat(lucia.id)).messages;
  await holds(lucia.id, true);
  await sim.act(lucia.id, { type: "react", to: first?.wamid, emoji: "👍" });
  await sim.until(() => sim.deliveries.length === 3);
  expect(fields()).toEqual(["messages", "messaging_handovers", "standby"]);
  expect((await sim.chat(lucia.id)).messages).toHaveLength(1);
});
