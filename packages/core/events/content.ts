/**
 * What a WhatsApp message says, by type. The names here are the storage format: add, never rename.
 * Sources: Cloud API webhooks reference, "messages" (types and fields as of Graph API v26.0).
 */
import * as z from "zod";
import { pii } from "./pii.ts";

const text = () => pii(z.string());

/** An error as Meta reports it. `title` and `details` are Meta's prose, never the customer's. */
export const MetaError = z.object({
  code: z.int(),
  title: z.string().optional(),
  details: z.string().optional(),
});
export type MetaError = z.infer<typeof MetaError>;

/**
 * Where Meta keeps a blob. The id works for 7 days; `sha256` is base64 of the plain bytes, and personal: it tells
 * who sent the same file, and whether someone sent a known one.
 */
export const MediaReference = z.object({
  mediaId: z.string(),
  mimeType: z.string().optional(),
  sha256: pii(z.string()).optional(),
});
export type MediaReference = z.infer<typeof MediaReference>;

const media = <Type extends string>(type: Type) =>
  z.object({ type: z.literal(type), media: MediaReference, caption: text().optional() });

export const MessageContent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: text() }),
  media("image"),
  media("video"),
  media("document").extend({ filename: text().optional() }),
  media("audio").extend({ voice: z.boolean().optional() }),
  media("sticker").extend({ animated: z.boolean().optional() }),
  z.object({
    type: z.literal("location"),
    latitude: text(),
    longitude: text(),
    name: text().optional(),
    address: text().optional(),
    url: text().optional(),
  }),
  z.object({
    type: z.literal("contacts"),
    /** One JSON string per card, as Meta sent it. */
    cards: z.array(text()),
  }),
  z.object({ type: z.literal("button-reply"), id: text(), title: text() }),
  z.object({
    type: z.literal("list-reply"),
    id: text(),
    title: text(),
    description: text().optional(),
  }),
  z.object({
    type: z.literal("flow-reply"),
    name: z.string().optional(),
    body: text().optional(),
    /** The form's answers: a JSON string, as Meta sent it. */
    response: text(),
  }),
  z.object({ type: z.literal("call-permission-reply"), response: z.string() }),
  z.object({ type: z.literal("quick-reply"), payload: text().optional(), text: text() }),
  z.object({
    type: z.literal("order"),
    catalogId: z.string(),
    text: text().optional(),
    items: z.array(
      z.object({
        productId: z.string(),
        quantity: z.number(),
        price: z.number(),
        currency: z.string(),
      }),
    ),
  }),
  /** The customer opened the chat for the first time and has written nothing yet. */
  z.object({ type: z.literal("welcome") }),
  /** Meta could not pass the message on: a kind it doesn't support, or a file over 100 MB. */
  z.object({ type: z.literal("unsupported"), kind: z.string().optional(), errors: z.array(MetaError) }),
  /** A type or a shape that this version doesn't know: the message as Meta sent it, a JSON string. */
  z.object({ type: z.literal("unknown"), kind: z.string(), raw: text() }),
]);
export type MessageContent = z.infer<typeof MessageContent>;

/** The advertisement or post that brought the customer here. */
export const Referral = z.object({
  sourceType: z.string().optional(),
  sourceId: z.string().optional(),
  sourceUrl: z.string().optional(),
  headline: z.string().optional(),
  body: z.string().optional(),
  clickId: text().optional(),
});
export type Referral = z.infer<typeof Referral>;
