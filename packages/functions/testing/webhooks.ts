/** Webhooks of invented people, in Meta's shapes. */
export type Who = { phone?: string; userId?: string; name?: string };

export const business = { businessAccountId: "2045550123000001", phoneNumberId: "1065550123000001" };

const change = (field: string, value: object) => ({
  field,
  value: {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550100001", phone_number_id: business.phoneNumberId },
    ...value,
  },
});

export const webhook = (...changes: object[]) => ({
  object: "whatsapp_business_account",
  entry: [{ id: business.businessAccountId, changes }],
});

const contacts = ({ phone, userId, name = "Lucía Prueba" }: Who) => [
  { profile: { name }, ...(phone && { wa_id: phone }), ...(userId && { user_id: userId }) },
];

export const seconds = (ms: number): string => String(Math.floor(ms / 1000));

export const message = (
  who: Who,
  wamid: string,
  atMs: number,
  body: object = { type: "text", text: { body: "¿A qué hora abrís?" } },
) =>
  change("messages", {
    contacts: contacts(who),
    messages: [
      {
        ...(who.phone && { from: who.phone }),
        ...(who.userId && { from_user_id: who.userId }),
        id: wamid,
        timestamp: seconds(atMs),
        ...body,
      },
    ],
  });

export const echo = (who: Who, wamid: string, atMs: number) =>
  change("smb_message_echoes", {
    message_echoes: [
      {
        from: "15550100001",
        to: who.phone,
        id: wamid,
        timestamp: seconds(atMs),
        type: "text",
        text: { body: "Voy yo" },
      },
    ],
  });

export const statusOf = (wamid: string, status: string, atMs: number, sendRef?: string) =>
  change("messages", {
    statuses: [
      { id: wamid, status, timestamp: seconds(atMs), ...(sendRef && { biz_opaque_callback_data: sendRef }) },
    ],
  });

export const userIdChanged = (from: string, to: string, wamid: string, atMs: number) =>
  change("messages", {
    messages: [
      {
        id: wamid,
        from_user_id: from,
        timestamp: seconds(atMs),
        type: "system",
        system: { type: "user_changed_user_id", body: "User changed", user_id: to, previous_user_id: from },
      },
    ],
  });
