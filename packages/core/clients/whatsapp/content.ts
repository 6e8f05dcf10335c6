/**
 * What a message says, by its type. Source: Cloud API webhooks reference, "messages". A type that isn't
 * here, or whose payload has another shape, becomes `unknown` and is kept as it came (F38).
 */
import * as z from "zod";
import { restOf, typeOf } from "./context.ts";
import { readErrors } from "./errors.ts";
import { id, label, leftover, maybe, prose, quantity } from "./fields.ts";
import { readInteractive } from "./interactive.ts";
import { cut, rawText, record, type Json } from "./json.ts";
import { read, type Reader, type Reading } from "./reader.ts";

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
