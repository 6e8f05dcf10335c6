import { asMetaWrites } from "#local/simulator/webhook-bodies.ts";
import { sampleBusiness } from "#local/sample-business.ts";
import type { Address } from "./resolve-contact.ts";

export type CustomerMessage = {
  from: Address;
  name?: string | undefined;
  text: string;
  wamid: string;
  at: Date;
  phoneNumberId: string;
};

/** A text message as Meta delivers it (Cloud API webhooks reference, "messages"), in the bytes that are signed. */
export const customerWebhook = ({
  from,
  name,
  text,
  wamid,
  at,
  phoneNumberId,
}: CustomerMessage): Uint8Array => {
  const [sender, contact] =
    "phone" in from
      ? [{ from: from.phone }, { wa_id: from.phone }]
      : [{ from_user_id: from.userId }, { user_id: from.userId }];
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: sampleBusiness.displayPhoneNumber, phone_number_id: phoneNumberId },
    contacts: [{ ...(name !== undefined && { profile: { name } }), ...contact }],
    messages: [
      {
        ...sender,
        id: wamid,
        timestamp: String(Math.floor(at.getTime() / 1000)),
        type: "text",
        text: { body: text },
      },
    ],
  };
  const entry = [{ id: sampleBusiness.businessAccountId, changes: [{ value, field: "messages" }] }];
  return Buffer.from(asMetaWrites({ object: "whatsapp_business_account", entry }));
};
