/** One item of `statuses`: what became of a message of the business's. */
import * as z from "zod";
import { DeliveryStatus, type DeliveryStatusReceived } from "../../events/conversation.ts";
import { readInstant } from "./clock.ts";
import { identity, malformed, restOf, unknownFields, wamidOf, type Context } from "./context.ts";
import { readErrors } from "./errors.ts";
import { label, leftover, maybe } from "./fields.ts";
import { classifyStatus } from "./graph-errors.ts";
import { isRecord, rawText, type Json } from "./json.ts";
import { isNamed, namesIn, participantFields, recipientFields } from "./sender.ts";
import type { Sender, Update } from "./update.ts";

type Data = z.infer<typeof DeliveryStatusReceived>["data"];

/** Contacts and even the recipient may be missing: the message's id alone says what a status is about. */
export const readStatus = (item: unknown, context: Context): Update => {
  if (!isRecord(item)) return malformed(context, item);
  const recipient = recipientOf(item, context);
  const wamid = wamidOf(item);
  const status = DeliveryStatus.safeParse(item.status).data;
  if (!wamid || !status) return malformed(context, item, recipient);
  const sendRef = label.safeParse(item.biz_opaque_callback_data).data;
  const { at: occurredAt, clock } = readInstant(item.timestamp, context.ids.receivedAt);
  const data: Data = {
    ...identity(item, wamid, context),
    sendId: sendRef,
    status,
    occurredAt,
    clock,
    ...reported(item, status),
    ...billed(item),
  };
  return {
    ...context.place,
    kind: "status",
    sendRef,
    wamid,
    recipient,
    event: { type: "DeliveryStatusReceived", data },
    raw: rawText(item),
  };
};

const recipientOf = (item: Json, { people }: Context): Sender | undefined => {
  const names = namesIn(item, item.recipient_type === "group" ? participantFields : recipientFields);
  return isNamed(names) ? people.complete(names) : undefined;
};

const reported = (item: Json, status: DeliveryStatus): Pick<Data, "errors" | "remedy"> => {
  const errors = readErrors(item.errors);
  const { remedy } = status === "failed" ? classifyStatus(errors) : {};
  return { ...(errors.length > 0 && { errors }), remedy };
};

const Pricing = z.object({
  pricing_model: maybe(label),
  type: maybe(label),
  category: maybe(label),
  billable: maybe(z.boolean()),
});
const Conversation = z.object({ origin: maybe(z.object({ type: maybe(label) })) });

const READ = [
  "status",
  "recipient_type",
  "biz_opaque_callback_data",
  "errors",
  "pricing",
  "conversation",
  ...Object.values(recipientFields),
  ...Object.values(participantFields),
];

/** What it cost: by `pricing` since 2025, with a `conversation` before. */
const billed = (item: Json): Pick<Data, "pricing" | "origin" | "unknownFields"> => {
  const pricing = Pricing.safeParse(item.pricing).data;
  const conversation = Conversation.safeParse(item.conversation).data;
  const { pricing_model: model, ...price } = pricing ?? {};
  return {
    pricing: pricing && { model, ...price },
    origin: conversation?.origin?.type,
    unknownFields: unknownFields(item, READ, {
      ...restOf("pricing", pricing ? leftover(Pricing, item.pricing) : item.pricing),
      ...restOf("conversation", conversation ? leftover(Conversation, item.conversation) : item.conversation),
    }),
  };
};
