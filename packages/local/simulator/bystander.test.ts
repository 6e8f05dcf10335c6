import { afterEach, expect, it } from "vitest";
import { message, webhook } from "#functions/testing/webhooks.ts";
import { simulated, type Simulated } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const by = (body: unknown) => sim.accepted(Buffer.from(JSON.stringify(body)));
const curl = { phone: "16505551234", name: "Somebody with curl" };

it("somebody who wrote to Hilo by other means has a phone here, and is answered on it", async () => {
  sim = simulated();
  for (let time = 0; time < 2; time++) by(webhook(message(curl, "wamid.curl", Date.now())));
  const customer = await sim.named("Somebody with curl");
  await sim.graph({ messaging_product: "whatsapp", to: curl.phone, type: "text", text: { body: "Hello" } });
  const { messages } = await sim.chat(customer.id);
  expect(messages.map(({ from, content }) => [from, content["text"]])).toEqual([
    ["customer", { body: "¿A qué hora abrís?" }],
    ["business", { body: "Hello" }],
  ]);
  expect(messages.every(({ failed }) => failed === undefined)).toBe(true);
});

it("a customer of the simulator's own stays who they are", async () => {
  sim = simulated();
  const { customers } = await sim.state();
  const known = customers.find(({ phone }) => phone);
  by(webhook(message({ phone: known?.phone ?? "", name: "Impostor" }, "wamid.other", Date.now())));
  expect((await sim.state()).customers).toHaveLength(customers.length);
});

it.each([
  ["no webhook", {}],
  ["an entry without messages", webhook({ field: "x", value: {} })],
  ["a message of nobody", webhook(message({}, "wamid.x", Date.now()))],
  [
    "a message that is none",
    webhook({ field: "messages", value: { metadata: { phone_number_id: "1" }, messages: [7, { id: 5 }] } }),
  ],
])("%s is left alone", async (_, body) => {
  sim = simulated();
  const before = (await sim.state()).customers;
  expect(() => by(body)).not.toThrow();
  expect((await sim.state()).customers).toEqual(before);
});
