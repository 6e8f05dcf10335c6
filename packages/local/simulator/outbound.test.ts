import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { graphClient } from "#core/clients/whatsapp/graph.ts";
import type { OutboundContent } from "#core/events/conversation.ts";
import { graphToken, phoneNumberId, png, simulated, type Simulated } from "./simulator.fixture.ts";

let sim: Simulated;
afterEach(() => sim.stop());

const hi = async (options: Parameters<typeof simulated>[0] = {}) => {
  sim = simulated(options);
  const lucia = await sim.named("Lucía");
  await sim.act(lucia.id, { type: "text", text: "hola" });
  return lucia;
};
const client = () =>
  graphClient({
    url: "http://localhost/graph",
    version: "v26.0",
    token: graphToken,
    fetch: async (input, init) => sim.app.fetch(new Request(input, init)),
  });
const send = (content: OutboundContent) =>
  client().send({ phoneNumberId, to: { phone: "34600000012" }, content, sendRef: "ref" });
const last = async (id: string) => (await sim.chat(id)).messages.at(-1);
const upload = (fields: Record<string, string | Blob>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const headers = { authorization: `Bearer ${graphToken}` };
  return sim.call(`/graph/v26.0/${phoneNumberId}/media`, { method: "POST", headers, body: form });
};
const picture = new Blob([png], { type: "image/png" });
const Uploaded = z.object({ id: z.string() });

test("an uploaded picture is sent by its id, and its bytes are on the phone", async () => {
  const lucia = await hi();
  const uploaded = await client().upload({
    phoneNumberId,
    bytes: png,
    mimeType: "image/png",
    filename: "a.png",
  });
  const { mediaId } = z.object({ mediaId: z.string() }).parse(uploaded);
  expect(await send({ type: "image", mediaId, caption: "Mira" })).toMatchObject({ outcome: "sent" });
  expect((await last(lucia.id))?.content).toEqual({ type: "image", image: { id: mediaId, caption: "Mira" } });
  const shown = await sim.call(`/simulator/media/${mediaId}`);
  expect([shown.headers.get("content-type"), new Uint8Array(await shown.arrayBuffer())]).toEqual([
    "image/png",
    png,
  ]);
  await sim.forget("34600000012");
  expect((await sim.call(`/simulator/media/${mediaId}`)).status).toBe(404);
});

test("a film is shown as one, and a picture that is none is not", async () => {
  await hi();
  const film = new TextEncoder().encode("\0\0\0\x18ftypmp42");
  const file = new Blob([film], { type: "video/mp4" });
  const { id } = Uploaded.parse(await (await upload({ messaging_product: "whatsapp", file })).json());
  expect((await sim.call(`/simulator/media/${id}`)).headers.get("content-type")).toBe("video/mp4");
  const script = new Blob(["<svg onload=alert(1)>"], { type: "image/png" });
  const other = Uploaded.parse(await (await upload({ messaging_product: "whatsapp", file: script })).json());
  expect((await sim.call(`/simulator/media/${other.id}`)).headers.get("content-type")).toBe(
    "application/octet-stream",
  );
});

test.each([
  ["no product", { file: picture }, 131008],
  ["no file", { messaging_product: "whatsapp" }, 131008],
  [
    "a program",
    { messaging_product: "whatsapp", file: new Blob(["x"], { type: "text/x-shellscript" }) },
    100,
  ],
  ["nothing", { messaging_product: "whatsapp", file: new Blob([], { type: "image/png" }) }, 100],
  [
    "a picture over 5 MB",
    {
      messaging_product: "whatsapp",
      file: new Blob([new Uint8Array(5 * 1024 * 1024 + 1)], { type: "image/png" }),
    },
    100,
  ],
])("refuses to take %s", async (_, fields, code) => {
  sim = simulated();
  const response = await upload(fields);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code } }]);
});

test("a file that is not there is refused, one of the wrong kind fails by a status", async () => {
  await hi();
  expect(await send({ type: "image", mediaId: "1" })).toMatchObject({ outcome: "refused", code: 131009 });
  const file = new Blob(["hello"], { type: "text/plain" });
  const { id } = Uploaded.parse(await (await upload({ messaging_product: "whatsapp", file })).json());
  expect(await send({ type: "image", mediaId: id })).toMatchObject({ outcome: "sent" });
  await sim.until(() => sim.statuses().length === 1);
  expect(sim.statuses()).toMatchObject([{ status: "failed", errors: [{ code: 131053 }] }]);
  expect(await send({ type: "document", mediaId: id, filename: "a.txt" })).toMatchObject({ outcome: "sent" });
});

test.each([
  ["buttons", { type: "buttons", text: "¿Dulce?", buttons: [{ id: "a", title: "Sí" }] }, "button_reply"],
  [
    "a list",
    { type: "list", text: "¿Cuál?", button: "Ver", rows: [{ id: "a", title: "Uno" }] },
    "list_reply",
  ],
] satisfies [string, OutboundContent, string][])(
  "%s that Hilo sends can be tapped",
  async (_, content, reply) => {
    const lucia = await hi();
    expect(await send(content)).toMatchObject({ outcome: "sent" });
    const sent = await last(lucia.id);
    expect((await sim.act(lucia.id, { type: "choose", in: sent?.wamid, option: "a" })).status).toBe(200);
    expect((await last(lucia.id))?.content).toMatchObject({
      interactive: { type: reply, [reply]: { id: "a" } },
    });
  },
);

const template = (name: string, language: string, ...parameters: string[]): OutboundContent => ({
  type: "template",
  name,
  language,
  parameters,
});

test("a template is shown in its own words, filled in", async () => {
  const lucia = await hi();
  expect(await send(template("reopen_conversation", "es", "Lucía"))).toMatchObject({ outcome: "sent" });
  expect((await last(lucia.id))?.content).toMatchObject({
    type: "template",
    text: { body: expect.stringMatching(/^Hola, Lucía:/) as unknown },
  });
});

test("the business's own templates are known by their names", async () => {
  const lucia = await hi({
    templates: [{ name: "pedido_listo", language: "es", parameters: ["contact-name"] }],
  });
  expect(await send(template("pedido_listo", "es", "Lucía"))).toMatchObject({ outcome: "sent" });
  expect((await last(lucia.id))?.content).toMatchObject({ text: { body: "[pedido_listo] Lucía" } });
});

test.each([
  ["of an unknown name", template("unknown", "es"), 132001],
  ["in another language", template("hello_world", "fr"), 132001],
  ["without its parameter", template("reopen_conversation", "es"), 132000],
  ["with one too many", template("hello_world", "en", "x"), 132000],
])("refuses a template %s", async (_, content, code) => {
  const lucia = await hi();
  expect(await send(content)).toMatchObject({ outcome: "refused", code });
  expect((await sim.chat(lucia.id)).messages).toHaveLength(1);
});
