/** Webhooks as Meta would send them, for tests that play Meta. */
import { sign } from "#core/clients/whatsapp/signature.ts";

export type Said = { phone: string; wamid: string; text: string; sentAt?: number };

const business = { businessAccountId: "2045550123000001", phoneNumberId: "1065550123000001" };

export const textWebhook = (...said: Said[]): string =>
  JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: business.businessAccountId,
        changes: said.map(({ phone, wamid, text, sentAt = Date.now() }) => ({
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550100001", phone_number_id: business.phoneNumberId },
            contacts: [{ profile: { name: `Cliente ${phone}` }, wa_id: phone }],
            messages: [
              {
                from: phone,
                id: wamid,
                timestamp: String(Math.floor(sentAt / 1000)),
                type: "text",
                text: { body: text },
              },
            ],
          },
        })),
      },
    ],
  });

/** The HTTP status, or undefined when nobody answered. */
export const post = async (
  url: string,
  body: string,
  signature = sign(Buffer.from(body), "local-app-secret"),
): Promise<number | undefined> => {
  try {
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    return (await fetch(`${url}/webhook`, { method: "POST", headers, body })).status;
  } catch {
    return undefined;
  }
};
