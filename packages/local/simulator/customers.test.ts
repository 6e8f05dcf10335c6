import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { verifySignature } from "#core/clients/whatsapp/signature.ts";
import type { MessageEvent } from "#core/clients/whatsapp/update.ts";
import { parseWebhook } from "#core/clients/whatsapp/webhook.ts";
import { appSecret, png, simulated, type Simulated } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const ogg = new Uint8Array([...new TextEncoder().encode("OggS"), 0, 2, 0, 0]);
const buttons = {
  type: "button",
  body: { text: "What shall it be?" },
  action: { buttons: [{ type: "reply", reply: { id: "book", title: "Book a table" } }] },
};
const list = {
  type: "list",
  body: { text: "Which loaf?" },
  action: {
    button: "Loaves",
    sections: [{ title: "Bread", rows: [{ id: "rye", title: "Rye", description: "dark" }] }],
  },
};

/** What Hilo's own parser reads in every webhook that came. */
const understood = () =>
  sim.deliveries.flatMap(({ raw }) =>
    parseWebhook(JSON.parse(raw), {
      messageId: (wamid) => `hash of ${wamid}`,
      digest: () => "digest",
      receivedAt: new Date().toISOString(),
    }),
  );
const events = () =>
  understood().flatMap((update): MessageEvent[] => (update.kind === "message" ? [update.event] : []));
const received = () => events().filter((event) => event.type === "MessageReceived");
const started = async (name = "Lucía") => {
  sim = simulated();
  return sim.named(name);
};
const done = async (response: Response) =>
  expect([response.status, await response.json()]).toEqual([200, { done: true }]);

test("webhooks are signed, over ASCII with escapes", async () => {
  const lucia = await started();
  await done(await sim.act(lucia.id, { type: "text", text: "¿mañana? 🙂 a/b" }));
  await sim.until(() => sim.deliveries.length === 1);
  const [{ raw, signature } = { raw: "", signature: "" }] = sim.deliveries;
  expect(verifySignature(new TextEncoder().encode(raw), signature, [appSecret])).toBe(true);
  expect(raw).toMatch(/^[\x20-\x7e]+$/);
  expect(raw).toContain(String.raw`\u00bfma\u00f1ana? \ud83d\ude42 a\/b`);
  expect(events()).toMatchObject([
    { type: "MessageReceived", data: { content: { type: "text", text: "¿mañana? 🙂 a/b" } } },
  ]);
});

test("a customer is known by phone and user id; one who hides the number by user id and username alone", async () => {
  const lucia = await started();
  const sam = await sim.named("Sam");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 1);
  await sim.act(sam.id, { type: "text", text: "hi" });
  await sim.until(() => sim.deliveries.length === 2);
  expect(understood()).toMatchObject([
    { sender: { phone: "34600000012", userId: lucia.userId, name: "Lucía Ferrer" } },
    { sender: { userId: sam.userId, name: "Sam Rivers", username: "sam.rivers" } },
  ]);
  expect(sim.deliveries[1]?.raw).not.toContain("wa_id");
  expect(sim.values()[1]?.value.messages?.[0]).not.toHaveProperty("from");
});

test.each([
  [
    "a picture",
    { kind: "image", caption: "mira" },
    png,
    { type: "image", caption: "mira", media: { mimeType: "image/png" } },
  ],
  [
    "a document",
    { kind: "document", filename: "carta.pdf" },
    ogg,
    { type: "document", filename: "carta.pdf" },
  ],
  [
    "a voice note",
    { kind: "voice" },
    ogg,
    { type: "audio", voice: true, media: { mimeType: "audio/ogg; codecs=opus" } },
  ],
])("%s", async (_, query, bytes, content) => {
  const lucia = await started();
  await done(await sim.upload(lucia.id, query, bytes));
  await sim.until(() => sim.deliveries.length === 1);
  expect(events()).toMatchObject([{ type: "MessageReceived", data: { content } }]);
});

test.each([
  ["a picture that is none", { kind: "image" }, ogg, 409],
  ["a voice note that is none", { kind: "voice" }, png, 409],
  ["an empty file", { kind: "document" }, new Uint8Array(), 409],
  ["a kind that there isn't", { kind: "video" }, png, 400],
])("refuses %s", async (_, query, bytes, status) => {
  const lucia = await started();
  expect((await sim.upload(lucia.id, query, bytes)).status).toBe(status);
  expect((await sim.chat(lucia.id)).messages).toEqual([]);
});

test.each([
  [16 * 1024 * 1024, 200],
  [16 * 1024 * 1024 + 1, 413],
])("a file of %i bytes: %i", async (size, status) => {
  const lucia = await started();
  expect((await sim.upload(lucia.id, { kind: "document" }, new Uint8Array(size).fill(1))).status).toBe(
    status,
  );
});

test("a location", async () => {
  const lucia = await started();
  const place = { latitude: 39.4736, longitude: -0.379, name: "Mercat Central" };
  await done(await sim.act(lucia.id, { type: "location", ...place }));
  await sim.until(() => sim.deliveries.length === 1);
  expect(events()).toMatchObject([
    { data: { content: { type: "location", latitude: "39.4736", name: "Mercat Central" } } },
  ]);
});

test.each([
  ["button", buttons, "book", { type: "button-reply", id: "book", title: "Book a table" }],
  ["row of a list", list, "rye", { type: "list-reply", id: "rye", title: "Rye", description: "dark" }],
])("a %s that the business sent is chosen", async (_, interactive, option, content) => {
  const lucia = await started();
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 1);
  await sim.graph({ messaging_product: "whatsapp", to: "34600000012", type: "interactive", interactive });
  const offered = (await sim.chat(lucia.id)).messages.at(-1)?.wamid ?? "";
  expect((await sim.act(lucia.id, { type: "choose", in: offered, option: "something else" })).status).toBe(
    409,
  );
  await done(await sim.act(lucia.id, { type: "choose", in: offered, option }));
  await sim.until(() => sim.values().filter(({ value }) => value.messages).length === 2);
  expect(received().at(-1)).toMatchObject({
    data: { content, inReplyTo: `hash of ${offered}` },
  });
});

test("a reply, a reaction and its withdrawal, an edit, a deletion", async () => {
  const lucia = await started();
  await sim.act(lucia.id, { type: "text", text: "hola" });
  const wamid = (await sim.chat(lucia.id)).messages[0]?.wamid ?? "";
  const actions = [
    { type: "text", text: "¿me lees?", replyTo: wamid },
    { type: "react", to: wamid, emoji: "👍" },
    { type: "react", to: wamid },
    { type: "edit", original: wamid, text: "¡hola!" },
    { type: "revoke", original: wamid },
  ];
  for (const action of actions) await done(await sim.act(lucia.id, action));
  await sim.until(() => sim.deliveries.length === 6);
  const original = `hash of ${wamid}`;
  expect(events().slice(1)).toMatchObject([
    { type: "MessageReceived", data: { inReplyTo: original } },
    { type: "ReactionReceived", data: { to: original, emoji: "👍" } },
    { type: "ReactionReceived", data: { to: original } },
    { type: "MessageEdited", data: { original, content: { type: "text", text: "¡hola!" } } },
    { type: "MessageRevoked", data: { original, by: "customer" } },
  ]);
  expect((await sim.chat(lucia.id)).messages[0]).toMatchObject({
    revoked: true,
    content: { type: "revoked" },
    reactions: {},
  });
});

test.each([
  ["edit", 15 * 60_000],
  ["revoke", 2 * 24 * 3_600_000],
])("%s works for %i ms and no longer", async (type, withinMs) => {
  let late = 0;
  sim = simulated({ clock: () => new Date(Date.UTC(2026, 10, 2) + late) });
  const lucia = await sim.named("Lucía");
  for (const text of ["one", "two"]) await sim.act(lucia.id, { type: "text", text });
  const [one, two] = (await sim.chat(lucia.id)).messages;
  late = withinMs;
  expect((await sim.act(lucia.id, { type, original: one?.wamid, text: "x" })).status).toBe(200);
  late = withinMs + 1;
  expect((await sim.act(lucia.id, { type, original: two?.wamid, text: "x" })).status).toBe(409);
});

test("nobody edits, deletes or reacts to what is in another's chat", async () => {
  const lucia = await started();
  const grace = await sim.named("Grace");
  await sim.act(lucia.id, { type: "text", text: "mine" });
  const wamid = (await sim.chat(lucia.id)).messages[0]?.wamid;
  for (const action of [
    { type: "edit", original: wamid, text: "yours" },
    { type: "revoke", original: wamid },
    { type: "react", to: wamid, emoji: "👍" },
  ])
    expect((await sim.act(grace.id, action)).status).toBe(409);
});

test("a burst is several messages in order, some of them in one delivery", async () => {
  const lucia = await started();
  await done(await sim.act(lucia.id, { type: "burst", texts: ["hola", "una cosa", "¿abrís hoy?"] }));
  await sim.until(() => sim.deliveries.length === 2);
  expect(sim.values().map(({ value }) => value.messages?.length)).toEqual([1, 2]);
  expect(received().map(({ data }) => data.content)).toEqual(
    ["hola", "una cosa", "¿abrís hoy?"].map((text) => ({ type: "text", text })),
  );
});

test("what the business answers on its own phone comes as an echo, and no status follows", async () => {
  const lucia = await started();
  await done(await sim.act(lucia.id, { type: "business-answers", text: "Soy Marta" }));
  await sim.until(() => sim.deliveries.length === 1);
  expect(sim.values()[0]).toMatchObject({
    field: "smb_message_echoes",
    value: { message_echoes: [{ to: "34600000012" }] },
  });
  expect(events()).toMatchObject([
    { type: "MessageEchoed", data: { by: "person", content: { text: "Soy Marta" } } },
  ]);
  expect((await sim.chat(lucia.id)).messages).toMatchObject([{ from: "business", byPhoneApp: true }]);
});

test("the last webhook is delivered again, byte by byte", async () => {
  const lucia = await started();
  expect((await sim.act(lucia.id, { type: "redeliver" })).status).toBe(409);
  for (const text of ["one", "two"]) await sim.act(lucia.id, { type: "text", text });
  await sim.until(() => sim.deliveries.length === 2);
  for (const count of [3, 4]) {
    await done(await sim.act(lucia.id, { type: "redeliver" }));
    await sim.until(() => sim.deliveries.length === count);
    expect(sim.deliveries.at(-1)).toEqual(sim.deliveries[1]);
  }
  expect((await sim.chat(lucia.id)).messages).toHaveLength(2);
});

test("a new customer, with a phone number that nobody has, or without one", async () => {
  await started();
  const add = async (body: unknown) => sim.post("/simulator/customers", body);
  const bea = z
    .object({ id: z.string(), phone: z.string() })
    .parse(await (await add({ name: " Bea ", phone: "+34 600 000 099" })).json());
  expect(bea.phone).toBe("34600000099");
  expect((await add({ name: "Bea's twin", phone: "0034600000099" })).status).toBe(201);
  expect((await add({ name: "Another", phone: "34600000099" })).status).toBe(409);
  expect((await add({ name: "", phone: "34600000098" })).status).toBe(400);
  expect((await add({ name: "X", phone: "call me" })).status).toBe(400);
  expect(await (await add({ name: "José Ruiz" })).json()).toMatchObject({ username: "jos.ruiz" });
  await sim.act(bea.id, { type: "text", text: "hola" });
  await sim.until(() => sim.deliveries.length === 1);
  expect(understood()).toMatchObject([{ sender: { phone: "34600000099", name: "Bea" } }]);
});

test("a customer's message has one tick until Hilo has answered 200, then two", async () => {
  let status = 503;
  sim = simulated({ answer: () => status });
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  await sim.until(async () => (await sim.state()).webhooksWaiting === 1);
  expect((await sim.chat(lucia.id)).messages[0]?.ticks).toBe("sent");
  status = 200;
  await sim.until(() => sim.deliveries.length === 1);
  expect((await sim.chat(lucia.id)).messages[0]?.ticks).toBe("delivered");
  expect((await sim.state()).webhooksWaiting).toBe(0);
});
