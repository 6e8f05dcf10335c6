/** Webhooks for tests, and a parser of them with readable ids. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseBody } from "../clients/whatsapp/parse-body.ts";
import type { Ids, Update } from "../clients/whatsapp/update.ts";
import { parseWebhook } from "../clients/whatsapp/webhook.ts";

export const receivedAt = "2026-11-20T12:00:00.000Z";

export const testIds: Ids = {
  messageId: (wamid) => `hash of ${wamid}`,
  digest: (value) =>
    createHash("sha256")
      .update(JSON.stringify(value) ?? "")
      .digest("base64url")
      .slice(0, 16),
  receivedAt,
};

/** The bytes of a webhook in `fixtures/whatsapp`. */
export const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`fixtures/whatsapp/${name}.json`, import.meta.url));

/** The updates of such a webhook. */
export const updatesIn = (name: string): Update[] => parseWebhook(parseBody(fixture(name)), testIds);

/** The place of everything there. */
export const place = { businessAccountId: "300000000000001", phoneNumberId: "400000000000001" };

export const webhook = (field: string, value: object): object => ({
  object: "whatsapp_business_account",
  entry: [{ id: place.businessAccountId, changes: [{ field, value }] }],
});

/** A webhook of the field `messages` with these customers and messages. */
export const messagesWebhook = (messages: readonly unknown[], contacts?: readonly unknown[]): object =>
  webhook("messages", {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550100200", phone_number_id: place.phoneNumberId },
    ...(contacts && { contacts }),
    messages,
  });
