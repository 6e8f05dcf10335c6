import { expect, it } from "vitest";
import { views } from "#core/views/all.ts";
import { message, webhook } from "#functions/testing/webhooks.ts";
import { startOfTest as now, world } from "#functions/testing/world.ts";
import { eraseOnRequest } from "./erase-on-request.ts";

const lucia = { phone: "34600000001" };

const asked = async () => {
  const w = world();
  await w.post(webhook(message(lucia, "wamid.1", now)));
  const [stream = ""] = await w.streams();
  const [, contactId = ""] = /^conversation-([^-]+)-/.exec(stream) ?? [];
  return { w, stream, contactId, erase: eraseOnRequest({ ...w.deps, viewStore: w.deps.views, views }) };
};

it("erases the contact that is named, and again when it is repeated", async () => {
  const { w, stream, contactId, erase } = await asked();
  expect(await erase({ contactId })).toEqual({ contactIds: [contactId], streams: [stream] });
  expect(JSON.stringify(await w.events(stream))).not.toContain(lucia.phone);
  expect(await w.types(stream)).toContain("ContactErased");
});

it("answers nothing for a contact that never was", async () => {
  const { erase } = await asked();
  expect(await erase({ contactId: "01JNQ4Z8V0R2M6T9XKBC3D5EFG" })).toEqual({});
});

it.each([
  undefined,
  {},
  { contactId: "+34 600 00 00 01" },
  { contactId: "01JNQ4Z8V0R2M6T9XKBC3D5EFG", all: true },
])("does nothing for %o, and does not repeat it", async (request) => {
  const { w, stream, erase } = await asked();
  await expect(erase(request)).rejects.toThrow(/^expected \{"contactId":"…"\} and nothing else$/);
  expect(await w.types(stream)).not.toContain("ContactErased");
});
