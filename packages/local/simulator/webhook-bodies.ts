/** Webhook bodies in the very shape and bytes that Meta sends (webhooks reference, "messages", "smb_message_echoes"). */
import type { Business, Customer, PhoneMessage, WireContent } from "./shapes.ts";
import type { PlannedStatus } from "./statuses.ts";

/** One item of `messages`: what a customer did. */
export type InboundItem = { wamid: string; at: string; content: WireContent; context?: { wamid: string } };

/** What customers did, as one delivery. Meta may put several messages in one. */
export const messagesBody = (business: Business, customer: Customer, items: readonly InboundItem[]): string =>
  body(business, "messages", {
    contacts: [contact(customer)],
    messages: items.map(({ wamid, at, content, context }) => ({
      ...(context && { context: { from: digits(business.displayPhoneNumber), id: context.wamid } }),
      ...(customer.phone && { from: customer.phone }),
      ...(customer.userId && { from_user_id: customer.userId }),
      id: wamid,
      timestamp: seconds(at),
      ...content,
    })),
  });

/** What the business wrote to the customer on its own phone. */
export const echoBody = (
  business: Business,
  customer: Customer,
  { wamid, at, content }: InboundItem,
): string =>
  body(business, "smb_message_echoes", {
    contacts: [contact(customer)],
    message_echoes: [
      {
        from: digits(business.displayPhoneNumber),
        ...(customer.phone && { to: customer.phone }),
        ...(customer.userId && { to_user_id: customer.userId }),
        id: wamid,
        timestamp: seconds(at),
        ...content,
      },
    ],
  });

const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "service" };

/** News of a message that the business sent. `customer` is undefined where nobody has that number. */
export const statusBody = (
  business: Business,
  customer: Customer | undefined,
  message: PhoneMessage,
  { status, at, error }: PlannedStatus,
): string =>
  body(business, "messages", {
    statuses: [
      {
        id: message.wamid,
        status,
        timestamp: seconds(at),
        // The phone number is left out when the message was sent to the user id.
        ...(customer?.phone && message.sentTo === "phone" && { recipient_id: customer.phone }),
        ...(customer?.userId && { recipient_user_id: customer.userId }),
        ...(message.callbackData !== undefined && { biz_opaque_callback_data: message.callbackData }),
        ...(error ? { errors: [metaError(error)] } : { pricing }),
      },
    ],
  });

const titles = { 131026: "Message undeliverable", 131047: "Re-engagement message" };
const details = {
  131026: "Message Undeliverable.",
  131047:
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
};

const metaError = (code: keyof typeof titles) => ({
  code,
  title: titles[code],
  message: titles[code],
  error_data: { details: details[code] },
  href: "/documentation/business-messaging/whatsapp/support/error-codes",
});

const contact = ({ name, username, phone, userId }: Customer) => ({
  profile: { name, ...(username && { username }) },
  ...(phone && { wa_id: phone }),
  ...(userId && { user_id: userId }),
});

const body = (business: Business, field: string, value: Record<string, unknown>): string =>
  asMetaWrites({
    object: "whatsapp_business_account",
    entry: [
      {
        id: business.businessAccountId,
        changes: [
          {
            value: {
              messaging_product: "whatsapp",
              metadata: {
                display_phone_number: digits(business.displayPhoneNumber),
                phone_number_id: business.phoneNumberId,
              },
              ...value,
            },
            field,
          },
        ],
      },
    ],
  });

/** JSON in ASCII: everything else, and the slash, escaped with lowercase hex digits. The signature is made over that. */
export const asMetaWrites = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("/", "\\/");

const seconds = (at: string): string => String(Math.floor(Date.parse(at) / 1000));

export const digits = (phone: string): string => phone.replace(/\D/g, "");
