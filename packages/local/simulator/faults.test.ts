import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { faultHeader, type FaultName, faultNames, faults } from "./faults.ts";
import { graphToken, phoneNumberId, simulated, type Simulated, watching } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const text = (body: string, to = "34600000012") => ({
  messaging_product: "whatsapp",
  to,
  type: "text",
  text: { body },
  biz_opaque_callback_data: `ref-${body}`,
});
const withLucia = async (options: Parameters<typeof simulated>[0] = {}) => {
  sim = simulated(options);
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  return lucia;
};
const codeOf = async (response: Response) =>
  z.object({ error: z.object({ code: z.int() }) }).safeParse(await response.json()).data?.error.code;
const Panel = z.object({
  faults: z.array(
    z.looseObject({ name: z.string(), title: z.string(), line: z.string(), on: z.unknown().optional() }),
  ),
  limits: z.array(z.looseObject({ name: z.string(), on: z.boolean() })),
});
const panel = async () => Panel.parse(await (await sim.call("/simulator/faults")).json());
const on = async () =>
  (await panel()).faults.filter((fault) => fault.on).map(({ name, on: scope }) => [name, scope]);
/** What of the business stands on the customer's phone. */
const arrived = async (id: string) =>
  (await sim.chat(id)).messages.filter(({ from, failed }) => from === "business" && failed === undefined)
    .length;
/** As Hilo calls it, and gives up after a while. */
const client = (timeoutMs = 300) =>
  graphClient({
    url: "http://localhost/graph",
    version: "v26.0",
    token: graphToken,
    timeoutMs,
    fetch: async (input, init) => sim.app.fetch(new Request(input, init)),
  });
const send = (sendRef: string) =>
  client().send({
    phoneNumberId,
    to: { phone: "34600000012" },
    content: { type: "text", text: "¡Hola!" },
    sendRef,
  });
const told = (ref: string) => sim.statuses().filter((status) => status["biz_opaque_callback_data"] === ref);

test.each([
  ["5xx-before-effect", 500, 131000],
  ["rate-limited", 429, 130429],
  ["pair-rate-limited", 429, 131056],
  ["window-closed", 400, 131047],
  ["undeliverable", 400, 131026],
  ["token-expired", 401, 190],
  ["account-blocked", 403, 368],
] satisfies [FaultName, number, number][])(
  "%s: HTTP %i, error %i, and nothing is sent",
  async (name, http, code) => {
    const lucia = await withLucia();
    await sim.fault(name);
    const response = await sim.graph(text("one"));
    expect([response.status, await codeOf(response), await arrived(lucia.id)]).toEqual([http, code, 0]);
  },
);

test("5xx-after-effect: HTTP 500, and the message and its statuses come all the same", async () => {
  const lucia = await withLucia();
  await sim.fault("5xx-after-effect");
  const response = await sim.graph(text("one"));
  expect([response.status, await codeOf(response), await arrived(lucia.id)]).toEqual([500, 131000, 1]);
  await sim.until(() => told("ref-one").length === 2);
});

test.each([
  ["timeout-after-effect", 300],
  ["connection-lost-after-effect", 0],
] satisfies [FaultName, number][])("%s: Hilo can't know, and a status tells", async (name, ms) => {
  const lucia = await withLucia();
  await sim.fault(name);
  const before = performance.now();
  // Without a network even a timeout looks like a connection that was lost.
  expect(await send("ref")).toEqual({ outcome: "uncertain", reason: "connection-lost" });
  expect(performance.now() - before).toBeGreaterThanOrEqual(ms - 5);
  expect(await arrived(lucia.id)).toBe(1);
  await sim.until(() => told("ref").length === 2);
});

test("a call that is never answered does not keep the simulator from stopping", async () => {
  await withLucia();
  await sim.fault("timeout-after-effect");
  const answer = Promise.resolve(sim.graph(text("one")));
  await sim.until(() => told("ref-one").length > 0);
  await sim.stop();
  await expect((await answer).text()).rejects.toThrow("connection lost");
});

test("slow-answers: three seconds, while the statuses come", async () => {
  await withLucia();
  await sim.fault("slow-answers");
  const before = performance.now();
  const answer = Promise.resolve(sim.graph(text("one")));
  await sim.until(() => told("ref-one").length === 2);
  expect((await answer).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(2_990);
});

test.each([
  ["window-closed-later", 131047],
  ["undeliverable-later", 131026],
] satisfies [FaultName, number][])("%s: accepted, and failed with %i by a status", async (name, code) => {
  const lucia = await withLucia();
  await sim.fault(name);
  expect((await sim.graph(text("one"))).status).toBe(200);
  await sim.until(() => told("ref-one").length === 1);
  expect(told("ref-one")).toMatchObject([{ status: "failed", errors: [{ code }] }]);
  expect(await arrived(lucia.id)).toBe(0);
});

test.each([
  ["duplicate-statuses", ["sent", "sent", "delivered", "sent", "delivered", "delivered"]],
  ["reordered-statuses", ["delivered", "sent"]],
  ["contradicting-statuses", ["failed", "sent", "delivered"]],
] satisfies [FaultName, string[]][])("%s: %j", async (name, expected) => {
  await withLucia();
  await sim.fault(name);
  await sim.graph(text("one"));
  await sim.until(() => told("ref-one").length === expected.length);
  expect(
    told("ref-one")
      .map(({ status }) => status)
      .toSorted(),
  ).toEqual(expected.toSorted());
  expect(told("ref-one")[0]?.status).toBe(expected[0]);
});

test("no-statuses: the message arrives, and not even its being read is told", async () => {
  const lucia = await withLucia();
  await sim.fault("no-statuses", { times: 1 });
  await sim.graph(text("one"));
  await sim.graph(text("two"));
  await sim.until(() => told("ref-two").length === 2);
  const { close } = await watching(sim, lucia.id);
  await sim.until(() => told("ref-two").length === 3);
  expect([await arrived(lucia.id), told("ref-one")]).toEqual([2, []]);
  await close();
});

test("silent-history: what became of a send can't be asked", async () => {
  await withLucia();
  await sim.graph(text("one"));
  await sim.fault("silent-history", { times: 1 });
  const ask = (timeoutMs: number) => client(timeoutMs).findSent({ phoneNumberId, sendRef: "ref-one" });
  expect(await ask(300)).toMatchObject({ found: "unknown" });
  expect(await ask(10_000)).toMatchObject({ found: "sent" });
});

test("a fault strikes as often as was said, and is off then", async () => {
  await withLucia();
  await sim.fault("rate-limited", { times: 2 });
  const codes = [];
  for (const body of ["one", "two", "three"]) codes.push(await codeOf(await sim.graph(text(body))));
  expect(codes).toEqual([130429, 130429, undefined]);
  expect(await on()).toEqual([]);
});

test("a fault of one customer leaves the others alone, and is not used up by them", async () => {
  const lucia = await withLucia();
  await sim.act((await sim.named("Grace")).id, { type: "text", text: "hi" });
  await sim.fault("undeliverable", { customer: lucia.id, times: 1 });
  expect(await codeOf(await sim.graph(text("one", "12025550142")))).toBeUndefined();
  expect(await codeOf(await sim.graph(text("one")))).toBe(131026);
});

test.each([
  [0.49, 131000],
  [0.5, undefined],
])("a fault with chance 0.5, when chance says %d: %s", async (dice, code) => {
  await withLucia({ random: () => dice });
  await sim.fault("5xx-before-effect", { chance: 0.5 });
  expect(await codeOf(await sim.graph(text("one")))).toBe(code);
});

test("what is refused leaves the faults of sent messages for the next send", async () => {
  await withLucia();
  await sim.fault("rate-limited", { times: 1 });
  await sim.fault("5xx-after-effect", { times: 1 });
  const codes = [];
  for (const body of ["one", "two", "three"]) codes.push(await codeOf(await sim.graph(text(body))));
  expect(codes).toEqual([130429, 131000, undefined]);
});

test("the header's faults strike this request only", async () => {
  const lucia = await withLucia();
  const headers = { [faultHeader]: " no-statuses , 5xx-after-effect" };
  expect(await codeOf(await sim.graph(text("one"), graphToken, headers))).toBe(131000);
  expect((await sim.graph(text("two"))).status).toBe(200);
  await sim.until(() => told("ref-two").length === 2);
  expect([await arrived(lucia.id), told("ref-one"), await on()]).toEqual([2, [], []]);
  const wrong = await sim.graph(text("three"), graphToken, { [faultHeader]: "gremlins" });
  expect([wrong.status, await codeOf(wrong)]).toEqual([400, 100]);
});

test("faults outlive a restart; those of somebody who is forgotten go with them", async () => {
  const db = openSqlite(":memory:", { durability: "normal" });
  const lucia = await withLucia({ db });
  await sim.fault("no-statuses", { chance: 0.25 });
  await sim.fault("rate-limited", { customer: lucia.id, times: 3 });
  await sim.call("/simulator/limits/pair-rate", { method: "PUT", body: JSON.stringify({ on: false }) });
  await sim.stop();
  sim = simulated({ db });
  expect(await on()).toEqual([
    ["rate-limited", { customer: lucia.id, times: 3 }],
    ["no-statuses", { chance: 0.25 }],
  ]);
  expect((await panel()).limits.map(({ on: isOn }) => isOn)).toEqual([true, false]);
  await sim.forget("34600000012");
  expect(await on()).toEqual([["no-statuses", { chance: 0.25 }]]);
});

test("the panel has every fault, in words; one is switched off, and all are", async () => {
  sim = simulated();
  const { faults: shown } = await panel();
  expect(shown.map(({ name }) => name)).toEqual(faultNames);
  for (const name of faultNames) expect(faults[name].line).toMatch(/\.$/);
  for (const name of faultNames) await sim.fault(name);
  expect(await on()).toHaveLength(faultNames.length);
  await sim.call("/simulator/faults/no-statuses", { method: "DELETE" });
  expect(await on()).toHaveLength(faultNames.length - 1);
  await sim.call("/simulator/limits/throughput", { method: "PUT", body: JSON.stringify({ on: false }) });
  await sim.call("/simulator/faults", { method: "DELETE" });
  expect([await on(), (await panel()).limits.every(({ on: isOn }) => isOn)]).toEqual([[], true]);
});

test.each([
  ["gremlins", {}, 400],
  ["no-statuses", { times: 0 }, 400],
  ["no-statuses", { times: 1, chance: 0.5 }, 400],
  ["no-statuses", { chance: 1.1 }, 400],
  ["no-statuses", { customer: "nobody" }, 409],
])("refuses to switch on %s with %j", async (name, scope, status) => {
  sim = simulated();
  expect((await sim.fault(name as FaultName, scope)).status).toBe(status);
  expect(await on()).toEqual([]);
});
