/**
 * What a message says, by its type. Source: Cloud API webhooks reference, "messages". A type that isn't
 * here, or whose payload has another shape, becomes `unknown` and is kept as it came (F38).
 */
import { z } from "zod";
import type { MessageContent } from "../../events/content.ts";
import { restOf, typeOf } from "./context.ts";
import { readErrors } from "./errors.ts";
import { id, label, leftover, maybe, prose, quantity } from "./fields.ts";
import { cut, rawMax, rawText, record, type Json } from "./json.ts";

/** The content, and what the payload says beyond it. */
export type Reading = { content: MessageContent; rest: Json | undefined };
type Reader = (message: Json) => Reading | undefined;

export const readContent = (message: Json): Reading => {
  const type = typeOf(message);
  return readers.get(type)?.(message) ?? unknownContent(message);
};

/** Kept whole, so there is no rest. */
export const unknownContent = (message: Json): Reading => {
  const type = typeOf(message);
  const inner = record(message[type]).type;
  const kind = [type || "missing", ...(typeof inner === "string" ? [inner] : [])].join(".");
  return {
    content: { type: "unknown", kind: label.parse(cut(kind, 100)), raw: rawText(message) },
    rest: undefined,
  };
};

/** Reads `message[key]` with a schema. */
const read =
  <Schema extends z.ZodObject>(
    key: string,
    schema: Schema,
    content: (payload: z.output<Schema>) => MessageContent,
  ): Reader =>
  (message) => {
    const payload = schema.safeParse(message[key]);
    return payload.success
      ? { content: content(payload.data), rest: restOf(key, leftover(schema, message[key])) }
      : undefined;
  };

const file = z.object({ id, mime_type: maybe(label), sha256: maybe(label), caption: maybe(prose) });
const reference = (payload: z.output<typeof file>) => ({
  mediaId: label.parse(payload.id),
  mimeType: payload.mime_type,
  sha256: payload.sha256,
});

const coordinate = z.union([z.number(), z.string().min(1).max(64)]).transform(String);
const place = z.object({
  latitude: coordinate,
  longitude: coordinate,
  name: maybe(prose),
  address: maybe(prose),
  url: maybe(prose),
});

const chosen = z.object({ id: prose, title: prose, description: maybe(prose) });
const buttonReply = z.object({
  type: z.literal("button_reply"),
  button_reply: chosen.omit({ description: true }),
});
const listReply = z.object({ type: z.literal("list_reply"), list_reply: chosen });
const flowReply = z.object({
  type: z.literal("nfm_reply"),
  nfm_reply: z.object({
    name: maybe(label),
    body: maybe(prose),
    response_json: z.string().transform((json) => cut(json, rawMax)),
  }),
});
const callPermissionReply = z.object({
  type: z.literal("call_permission_reply"),
  call_permission_reply: z.object({ response: label }),
});

const quickReply = z
  .object({ payload: maybe(prose), text: maybe(prose) })
  .refine(({ payload, text }) => payload ?? text);

const order = z.object({
  catalog_id: label,
  text: maybe(prose),
  product_items: z.array(
    z.object({ product_retailer_id: label, quantity, item_price: quantity, currency: label }),
  ),
});

const interactiveReaders: readonly Reader[] = [
  read("interactive", buttonReply, ({ button_reply: { id, title } }) => ({
    type: "button-reply",
    id,
    title,
  })),
  read("interactive", listReply, ({ list_reply }) => ({ type: "list-reply", ...list_reply })),
  read("interactive", flowReply, ({ nfm_reply: { name, body, response_json } }) => ({
    type: "flow-reply",
    name,
    body,
    response: response_json,
  })),
  read("interactive", callPermissionReply, ({ call_permission_reply: { response } }) => ({
    type: "call-permission-reply",
    response,
  })),
];

const readInteractive: Reader = (message) => {
  for (const reader of interactiveReaders) {
    const reading = reader(message);
    if (reading) return reading;
  }
  return undefined;
};

const readCards: Reader = ({ contacts }) =>
  Array.isArray(contacts)
    ? { content: { type: "contacts", cards: contacts.map(rawText) }, rest: undefined }
    : undefined;

const readUnsupported: Reader = ({ unsupported, errors }) => {
  const kind = label.safeParse(record(unsupported).type);
  const known = z.object({ type: z.unknown() });
  return {
    content: { type: "unsupported", kind: kind.data, errors: readErrors(errors) },
    rest: restOf("unsupported", leftover(known, unsupported)),
  };
};

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["text", read("text", z.object({ body: prose }), ({ body }) => ({ type: "text", text: body }))],
  [
    "image",
    read("image", file, (image) => ({ type: "image", media: reference(image), caption: image.caption })),
  ],
  [
    "video",
    read("video", file, (video) => ({ type: "video", media: reference(video), caption: video.caption })),
  ],
  [
    "document",
    read("document", file.extend({ filename: maybe(prose) }), (document) => ({
      type: "document",
      media: reference(document),
      caption: document.caption,
      filename: document.filename,
    })),
  ],
  [
    "audio",
    read("audio", file.extend({ voice: maybe(z.boolean()) }), (audio) => ({
      type: "audio",
      media: reference(audio),
      caption: audio.caption,
      voice: audio.voice,
    })),
  ],
  [
    "sticker",
    read("sticker", file.extend({ animated: maybe(z.boolean()) }), (sticker) => ({
      type: "sticker",
      media: reference(sticker),
      caption: sticker.caption,
      animated: sticker.animated,
    })),
  ],
  ["location", read("location", place, (location) => ({ type: "location", ...location }))],
  ["contacts", readCards],
  ["interactive", readInteractive],
  [
    "button",
    read("button", quickReply, ({ payload, text }) => ({
      type: "quick-reply",
      payload,
      text: text ?? payload ?? "",
    })),
  ],
  [
    "order",
    read("order", order, ({ catalog_id, text, product_items }) => ({
      type: "order",
      catalogId: catalog_id,
      text,
      items: product_items.map((item) => ({
        productId: item.product_retailer_id,
        quantity: item.quantity,
        price: item.item_price,
        currency: item.currency,
      })),
    })),
  ],
  ["unsupported", readUnsupported],
  [
    "request_welcome",
    ({ request_welcome }) => ({
      content: { type: "welcome" },
      rest: restOf("request_welcome", request_welcome),
    }),
  ],
]);
