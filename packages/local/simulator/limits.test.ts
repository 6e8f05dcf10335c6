import { afterEach, expect, test } from "vitest";
import { message, webhook } from "#functions/testing/webhooks.ts";
import { graphToken, phoneNumberId, simulated, type Simulated } from "./simulator.fixture.ts";

let sim: Simulated;
let nowMs = Date.now();
afterEach(() => sim.stop());

const start = async () => {
  nowMs = Date.now();
  sim = simulated({ clock: () => new Date(nowMs) });
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
};
/** The HTTP status of a send to each. */
const send = async (to: string) =>
  (
    await sim.post(
      `/graph/v26.0/${phoneNumberId}/messages`,
      { messaging_product: "whatsapp", to, type: "text", text: { body: "hi" } },
      { authorization: `Bearer ${graphToken}` },
    )
  ).status;
const sends = async (count: number, to: (index: number) => string = () => "34600000012") => {
  const answers = [];
  for (let index = 0; index < count; index++) answers.push(await send(to(index)));
  return answers;
};
const others = (index: number) => `3469999${String(index).padStart(4, "0")}`;
const times = (count: number, status: number) => Array.from({ length: count }, () => status);

test("45 messages at once to one customer, then one in 6 seconds", async () => {
  await start();
  expect(await sends(46)).toEqual([...times(45, 200), 429]);
  nowMs += 5_999;
  expect(await send("34600000012")).toBe(429);
  nowMs += 1;
  expect(await sends(2)).toEqual([200, 429]);
  expect(await send("12025550142")).toBe(200);
});

test("80 messages at once from one number, then 80 a second", async () => {
  await start();
  expect(await sends(81, others)).toEqual([...times(80, 200), 429]);
  nowMs += 1_000;
  expect(await sends(81, others)).toEqual([...times(80, 200), 429]);
});

test("what comes in uses the number's throughput, too", async () => {
  await start();
  const item = message({ phone: "34600000012", name: "Lucía" }, "wamid.in", nowMs);
  const body = JSON.parse(
    JSON.stringify(webhook(item)).replaceAll(
      /"phone_number_id":"\d+"/g,
      `"phone_number_id":"${phoneNumberId}"`,
    ),
  ) as unknown;
  for (let index = 0; index < 79; index++) sim.accepted(Buffer.from(JSON.stringify(body)));
  expect(await sends(2, others)).toEqual([200, 429]);
});

test.each(["pair-rate", "throughput"])("switched off, %s does not hold", async (name) => {
  await start();
  for (const limit of [name, "throughput"])
    await sim.call(`/simulator/limits/${limit}`, { method: "PUT", body: JSON.stringify({ on: false }) });
  const all = await sends(90, name === "pair-rate" ? undefined : others);
  expect(all).toEqual(times(90, 200));
});
