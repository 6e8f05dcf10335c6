/** Webhook bodies in the very shape and bytes that Meta sends (webhooks reference, by field). */
import { statusError } from "./graph-errors.ts";
import type { Business, Customer, PhoneMessage, WireContent } from "./shapes.ts";
import type { PlannedStatus } from "./statuses.ts";

/** One item of `messages`: what a customer did. */
export type InboundItem = { wamid: string; at: string; content: WireContent; context?: { wamid: string } };

/** What customers did, as one delivery. Meta may put several messages in one. */
export const messagesBody = (business: Business, customer: Customer, items: readonly InboundItem[]): string =>
  body(business, "messages", {
    contacts: [contact(customer)],
    messages: items.map((item) => inbound(business, customer, item)),
  });

/** What the business wrote to the customer on its own phone. */
export const echoBody = (business: Business, customer: Customer, item: InboundItem): string =>
  body(business, "smb_message_echoes", {
    contacts: [contact(customer)],
    message_echoes: [echo(business, customer, item)],
  });

/** What customers did, and what Meta's agent answered, while that agent holds the chat ("Standby webhooks"). */
export const standbyBody = (
  business: Business,
  customer: Customer,
  { messages = [], echoes = [] }: { messages?: readonly InboundItem[]; echoes?: readonly InboundItem[] },
): string =>
  body(business, "standby", {
    contacts: [contact(customer)],
    standby: {
      ...(messages.length > 0 && { messages: messages.map((item) => inbound(business, customer, item)) }),
      ...(echoes.length > 0 && { message_echoes: echoes.map((item) => echo(business, customer, item)) }),
    },
  });

/** Who holds the chat from now on ("messaging_handovers"): Meta's agent, or whoever it hands over to. */
export const handoverBody = (
  business: Business,
  { phone, userId }: Customer,
  { to, at }: { to: "ai_agent" | "escalation"; at: string },
): string =>
  envelope(business, "messaging_handovers", {
    messaging_product: "whatsapp",
    recipient: numberOf(business),
    sender: { ...(phone && { phone_number: phone }), ...(userId && { user_id: userId }) },
    timestamp: seconds(at),
    type: "control_passed",
    control_passed: {
      previous_owner_role: to === "ai_agent" ? "escalation" : "ai_agent",
      new_owner_role: to,
    },
  });

const inbound = (business: Business, { phone, userId }: Customer, item: InboundItem) => ({
  ...(item.context && { context: { from: digits(business.displayPhoneNumber), id: item.context.wamid } }),
  ...(phone && { from: phone }),
  ...(userId && { from_user_id: userId }),
  id: item.wamid,
  timestamp: seconds(item.at),
  ...item.content,
});

const echo = (business: Business, { phone, userId }: Customer, { wamid, at, content }: InboundItem) => ({
  from: digits(business.displayPhoneNumber),
  ...(phone && { to: phone }),
  ...(userId && { to_user_id: userId }),
  id: wamid,
  timestamp: seconds(at),
  ...content,
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
        ...(error ? { errors: [statusError(error)] } : { pricing }),
      },
    ],
  });

const contact = ({ name, username, phone, userId }: Customer) => ({
  profile: { name, ...(username && { username }) },
  ...(phone && { wa_id: phone }),
  ...(userId && { user_id: userId }),
});

const body = (business: Business, field: string, value: Record<string, unknown>): string =>
  envelope(business, field, { messaging_product: "whatsapp", metadata: numberOf(business), ...value });

const numberOf = ({ displayPhoneNumber, phoneNumberId }: Business) => ({
  display_phone_number: digits(displayPhoneNumber),
  phone_number_id: phoneNumberId,
});

const envelope = ({ businessAccountId }: Business, field: string, value: Record<string, unknown>): string =>
  asMetaWrites({
    object: "whatsapp_business_account",
    entry: [{ id: businessAccountId, changes: [{ value, field }] }],
  });

/** JSON in ASCII: everything else, and the slash, escaped with lowercase hex digits. The signature is made over that. */
export const asMetaWrites = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("/", "\\/");

const seconds = (at: string): string => String(Math.floor(Date.parse(at) / 1000));

export const digits = (phone: string): string => phone.replace(/\D/g, "");
