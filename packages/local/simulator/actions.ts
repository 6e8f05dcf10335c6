/** What can be done on the page: by a simulated customer, by the business on its own phone, by Meta. */
import * as z from "zod";

const wamid = z.string().min(1).max(200);
const text = z.string().trim().min(1).max(4_096);
const replyTo = wamid.optional();

export const NewCustomer = z.object({
  name: z.string().trim().min(1).max(60),
  /** Without one it is somebody who hides the number behind a username. */
  phone: z
    .string()
    .trim()
    .regex(/^\+?[\d\s()-]{7,24}$/, "A phone number has 7 to 15 digits, with its country code.")
    .transform((phone) => phone.replace(/\D/g, ""))
    .pipe(z.string().regex(/^\d{7,15}$/, "A phone number has 7 to 15 digits, with its country code."))
    .optional(),
});
export type NewCustomer = z.infer<typeof NewCustomer>;

export const Action = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text, replyTo }),
  /** Several messages in quick succession, as people write. */
  z.object({ type: z.literal("burst"), texts: z.array(text).min(2).max(10) }),
  z.object({
    type: z.literal("location"),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().trim().min(1).max(120).optional(),
    address: z.string().trim().min(1).max(200).optional(),
    replyTo,
  }),
  /** A button or a row of a list that the business sent. */
  z.object({ type: z.literal("choose"), in: wamid, option: z.string().min(1).max(256) }),
  /** Without an emoji the reaction is taken back. */
  z.object({ type: z.literal("react"), to: wamid, emoji: z.string().min(1).max(16).optional() }),
  z.object({ type: z.literal("edit"), original: wamid, text }),
  z.object({ type: z.literal("revoke"), original: wamid }),
  /** A person answers from the business's phone app. */
  z.object({ type: z.literal("business-answers"), text }),
  /** Meta Business Agent takes the chat, or hands it over. */
  z.object({ type: z.literal("meta-agent"), holds: z.boolean() }),
  /** Meta delivers the customer's last webhook again. */
  z.object({ type: z.literal("redeliver") }),
]);
export type Action = z.infer<typeof Action>;

/** The description of a file; its bytes are the request's body. */
export const Upload = z.object({
  kind: z.enum(["image", "document", "voice"]),
  caption: z.string().trim().min(1).max(1_024).optional(),
  filename: z.string().trim().min(1).max(200).optional(),
  replyTo,
});
export type Upload = z.infer<typeof Upload>;

/** Why something can't be done, to be shown to the person who tried. */
export type Refused = { refused: string };
