import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import { graphToken, phoneNumberId, png, simulated, type Simulated, watching } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const Accepted = z.object({
  messaging_product: z.literal("whatsapp"),
  contacts: z.array(z.looseObject({ input: z.string() })),
  messages: z.tuple([z.object({ id: z.string().startsWith("wamid.SIM"), message_status: z.string() })]),
});
const Refused = z.object({
  error: z.object({
    message: z.string(),
    type: z.literal("OAuthException"),
    code: z.int(),
    error_data: z.object({ messaging_product: z.literal("whatsapp"), details: z.string() }),
    fbtrace_id: z.string(),
  }),
});
const text = (body: string, rest: object = { to: "34600000012" }) => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  type: "text",
  text: { body },
  ...rest,
});
const accepted = async (response: Response) => {
  expect(response.status).toBe(200);
  return Accepted.parse(await response.json());
};
const refused = async (response: Response, status: number) => {
  expect(response.status).toBe(status);
  return Refused.parse(await response.json()).error;
};
/** Lucía has written, so that the service window is open. */
const withLucia = async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 1);
  return lucia;
};

test("a call without the token, or with another, is refused", async () => {
  sim = simulated();
  expect(await refused(await sim.graph(text("hi"), "another-token"), 401)).toMatchObject({ code: 190 });
  expect(
    await refused(await sim.post(`/graph/v26.0/${phoneNumberId}/messages`, text("hi")), 401),
  ).toMatchObject({ code: 190 });
});

test.each([1, 4_096])("accepts a text of %i characters", async (length) => {
  await withLucia();
  expect(await accepted(await sim.graph(text("😀".repeat(length))))).toMatchObject({ contacts: [{}] });
});

test.each([0, 4_097])("refuses a text of %i characters", async (length) => {
  await withLucia();
  expect(await refused(await sim.graph(text("😀".repeat(length))), 400)).toMatchObject({ code: 131009 });
});

const button = (title: string) => ({ type: "reply", reply: { id: title, title } });
const interactive = (action: object, body = "Which?") => ({
  messaging_product: "whatsapp",
  to: "34600000012",
  type: "interactive",
  interactive: { type: "button", body: { text: body }, action },
});

test.each([
  ["no product", { to: "34600000012", type: "text", text: { body: "hi" } }, 100],
  ["another product", { ...text("hi"), messaging_product: "telegram" }, 100],
  ["nobody to send to", text("hi", {}), 131008],
  ["a user id where a phone belongs", text("hi", { to: "ES.1047" }), 100],
  ["a phone where a user id belongs", text("hi", { recipient: "34600000012" }), 100],
  ["no content", { messaging_product: "whatsapp", to: "34600000012", type: "image" }, 131008],
  ["four buttons", interactive({ buttons: ["a", "b", "c", "d"].map(button) }), 131009],
  ["a button of 21 characters", interactive({ buttons: [button("x".repeat(21))] }), 131009],
  ["a body of 1,025 characters", interactive({ buttons: [button("a")] }, "x".repeat(1_025)), 131009],
  ["513 characters to echo", { ...text("hi"), biz_opaque_callback_data: "x".repeat(513) }, 100],
  ["no JSON", undefined, 100],
])("refuses %s, in Meta's words", async (_, body, code) => {
  await withLucia();
  const error = await refused(await sim.graph(body), 400);
  expect(error).toMatchObject({ code, message: expect.stringContaining(`(#${code})`) as unknown });
  expect((await sim.chat((await sim.named("Lucía")).id)).messages).toHaveLength(1);
});

test("a message is on the phone when the call is answered", async () => {
  const lucia = await withLucia();
  const { messages, contacts } = await accepted(await sim.graph(text("¡Hola!", { to: "+34 600 000 012" })));
  expect(contacts).toEqual([{ input: "+34 600 000 012", wa_id: "34600000012" }]);
  const { messages: shown } = await sim.chat(lucia.id);
  expect(shown.at(-1)).toMatchObject({
    wamid: messages[0].id,
    from: "business",
    content: { text: { body: "¡Hola!" } },
  });
});

test("statuses follow, each with the data that came with the send; read only once the chat is opened", async () => {
  const lucia = await withLucia();
  const { messages } = await accepted(await sim.graph({ ...text("hi"), biz_opaque_callback_data: "send-1" }));
  await sim.until(() => sim.statuses().length === 2);
  expect(sim.statuses()).toEqual(
    ["sent", "delivered"].map((status) => ({
      id: messages[0].id,
      status,
      timestamp: expect.stringMatching(/^\d{10}$/) as unknown,
      recipient_id: "34600000012",
      recipient_user_id: lucia.userId,
      biz_opaque_callback_data: "send-1",
      pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "service" },
    })),
  );
  expect((await sim.named("Lucía")).unread).toBe(1);
  const page = await watching(sim, lucia.id);
  await sim.until(() => sim.statuses().length === 3);
  expect(sim.statuses().at(-1)).toMatchObject({ status: "read", biz_opaque_callback_data: "send-1" });
  expect((await sim.named("Lucía")).unread).toBe(0);
  await accepted(await sim.graph(text("and this while you look")));
  await sim.until(() => sim.statuses().length === 6);
  await page.close();
});

test("a send to a user id is answered and reported without a phone number", async () => {
  sim = simulated();
  const sam = await sim.named("Sam");
  await sim.act(sam.id, { type: "text", text: "hi" });
  const { contacts } = await accepted(await sim.graph(text("hello", { recipient: sam.userId })));
  expect(contacts).toEqual([{ input: sam.userId, user_id: sam.userId }]);
  await sim.until(() => sim.statuses().length === 2);
  for (const status of sim.statuses()) {
    expect(status).toMatchObject({ recipient_user_id: sam.userId });
    expect(status).not.toHaveProperty("recipient_id");
  }
});

test("what nobody can receive is accepted, and then fails", async () => {
  sim = simulated();
  await accepted(await sim.graph(text("hi", { to: "34699999999" })));
  await sim.until(() => sim.statuses().length === 1);
  expect(sim.statuses()[0]).toMatchObject({ status: "failed", errors: [{ code: 131026 }] });
});

test.each([
  [24 * 3_600_000 - 1_000, "sent"],
  [24 * 3_600_000 + 1_000, "failed"],
])("a text %i ms after the customer's last message: %s", async (ms, status) => {
  let late = 0;
  sim = simulated({ clock: () => new Date(Date.now() + late) });
  await sim.act((await sim.named("Lucía")).id, { type: "text", text: "hola" });
  late = ms;
  await accepted(await sim.graph(text("still there?")));
  await sim.until(() => sim.statuses().length >= 1);
  expect(sim.statuses()[0]).toMatchObject(
    status === "failed" ? { status, errors: [{ code: 131047 }] } : { status },
  );
});

test("a template may be sent at any time", async () => {
  sim = simulated();
  const template = { name: "hello_world", language: { code: "en" } };
  await accepted(
    await sim.graph({ messaging_product: "whatsapp", to: "34600000012", type: "template", template }),
  );
  await sim.until(() => sim.statuses().length >= 1);
  expect(sim.statuses()[0]).toMatchObject({ status: "sent" });
});

test("marking a message read turns its ticks blue, and those of earlier ones, and may show typing until the answer", async () => {
  const lucia = await withLucia();
  await sim.act(lucia.id, { type: "text", text: "¿hay alguien?" });
  await sim.until(() => sim.deliveries.length === 2);
  const before = await sim.chat(lucia.id);
  expect(before.messages.map(({ ticks }) => ticks)).toEqual(["delivered", "delivered"]);
  const receipt = { messaging_product: "whatsapp", status: "read", typing_indicator: { type: "text" } };
  const response = await sim.graph({ ...receipt, message_id: before.messages.at(-1)?.wamid });
  expect(await response.json()).toEqual({ success: true });
  const after = await sim.chat(lucia.id);
  expect(after.messages.map(({ ticks }) => ticks)).toEqual(["read", "read"]);
  expect(after.typing).toBe(true);
  await accepted(await sim.graph(text("¡Sí!")));
  expect((await sim.chat(lucia.id)).typing).toBe(false);
  expect(await refused(await sim.graph({ ...receipt, message_id: "wamid.unknown" }), 400)).toMatchObject({
    code: 131009,
  });
});

test("Hilo's own client sends, finds what it sent, and shows typing", async () => {
  const lucia = await withLucia();
  const client = graphClient({
    url: "http://localhost/graph",
    version: "v26.0",
    token: graphToken,
    historyIsComplete: true,
    fetch: (input, init) => Promise.resolve(sim.app.fetch(new Request(input, init))),
  });
  const content = { type: "text", text: "¡Hola!" } as const;
  const sent = await client.send({ phoneNumberId, to: { phone: "34600000012" }, content, sendRef: "send-7" });
  expect(sent).toMatchObject({ outcome: "sent" });
  expect(await client.findSent({ phoneNumberId, sendRef: "send-7" })).toEqual({
    found: "sent",
    wamid: "wamid" in sent && sent.wamid,
  });
  expect(await client.findSent({ phoneNumberId, sendRef: "send-8" })).toEqual({ found: "absent" });
  const [first] = (await sim.chat(lucia.id)).messages;
  expect(await client.showTyping({ phoneNumberId, wamid: first?.wamid ?? "" })).toBe(true);
  await client.send({ phoneNumberId: "1", to: { phone: "34600000012" }, content, sendRef: "x" });
  await sim.until(() =>
    sim.values().some(({ value }) => value.statuses?.[0]?.["biz_opaque_callback_data"] === "x"),
  );
  const other = sim.values().find(({ value }) => value.statuses?.[0]?.["biz_opaque_callback_data"] === "x");
  expect(other?.value.metadata?.phone_number_id).toBe("1");
});

test("a file is fetched by its id and then by its address, which five minutes later is gone", async () => {
  let late = 0;
  sim = simulated({ clock: () => new Date(Date.now() + late) });
  const lucia = await sim.named("Lucía");
  await sim.upload(lucia.id, { kind: "image", caption: "mira" }, png);
  await sim.until(() => sim.deliveries.length === 1);
  const image = z
    .object({ id: z.string(), sha256: z.string() })
    .parse(sim.values()[0]?.value.messages?.[0]?.["image"]);
  expect(image.sha256).toBe(createHash("sha256").update(png).digest("base64"));
  const about = z
    .object({
      url: z.string(),
      mime_type: z.literal("image/png"),
      file_size: z.literal(png.length),
      sha256: z.string(),
      id: z.literal(image.id),
    })
    .parse(await (await sim.graphGet(image.id)).json());
  const path = about.url.replace("http://localhost", "");
  const authorization = `Bearer ${graphToken}`;
  const download = await sim.call(path, { headers: { authorization } });
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(png);
  expect((await sim.call(path)).status).toBe(401);
  late = 5 * 60_000 + 1_000;
  expect((await sim.call(path, { headers: { authorization } })).status).toBe(404);
  expect(await refused(await sim.graphGet("123"), 400)).toMatchObject({ code: 100 });
});

test("what history has said was never sent is refused when it arrives after all", async () => {
  sim = simulated();
  const lucia = await sim.named("Lucía");
  const late = { ...text("hola"), to: lucia.phone, biz_opaque_callback_data: "intent:1" };
  const history = await sim.graphGet(`${phoneNumberId}/message_history?biz_opaque_callback_data=intent:1`);
  expect(await history.json()).toEqual({ data: [] });
  expect((await sim.graph(late)).status).toBe(400);
  expect((await sim.graph({ ...late, biz_opaque_callback_data: "intent:2" })).status).toBe(200);
  expect((await sim.chat(lucia.id)).messages).toHaveLength(1);
});
