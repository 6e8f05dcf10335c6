/** What the simulator keeps, sealed, and reads back. */
import * as z from "zod";

/** A simulated customer. As with real ones, the phone number may be missing; the business-scoped user id never is. */
export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  /** Digits only, as WhatsApp's `wa_id`. */
  phone: z.string().optional(),
  username: z.string().optional(),
  /** The business-scoped user id (BSUID). Empty for those that others made up without one. */
  userId: z.string(),
  /** Which of the sample customers it is, for those that come with the program. */
  sample: z.string().optional(),
});
export type Customer = z.infer<typeof Customer>;

/** What a message says, in WhatsApp's own form: `{type: "text", text: {body}}`. */
export const WireContent = z.looseObject({ type: z.string() });
export type WireContent = z.infer<typeof WireContent>;

/** A message as the simulated WhatsApp holds it. */
export const PhoneMessage = z.object({
  wamid: z.string(),
  /** The customer's id; for a recipient whom nobody simulates, a fingerprint of where it was sent to. */
  customer: z.string(),
  from: z.enum(["customer", "business"]),
  at: z.iso.datetime(),
  content: WireContent,
  replyTo: z.string().optional(),
  reactions: z.object({ customer: z.string().optional(), business: z.string().optional() }),
  edited: z.boolean().optional(),
  revoked: z.boolean().optional(),
  /** The business wrote it on its own phone, not through the Graph API. */
  byPhoneApp: z.boolean().optional(),
  /** Meta's own agent wrote it. */
  byMetaAgent: z.boolean().optional(),
  /** No status of it ever comes. */
  untold: z.boolean().optional(),
  /** The number of the business that it was sent from, where that is not the sample's. */
  phoneNumberId: z.string().optional(),
  callbackData: z.string().optional(),
  sentTo: z.enum(["phone", "user-id"]).optional(),
  /** WhatsApp took it and could not deliver it: Meta's error code. */
  failed: z.int().optional(),
});
export type PhoneMessage = z.infer<typeof PhoneMessage>;

/** How far a customer's message has come; for the business's, `read` says that the customer saw it. */
export const Ticks = z.enum(["sent", "delivered", "read"]);
export type Ticks = z.infer<typeof Ticks>;

/** The sample business, as Meta knows it. */
export type Business = {
  name: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  businessAccountId: string;
};
