/** A customer's message: its content, and what it refers to. */
import * as z from "zod";
import type { MessageReceived } from "../../events/conversation.ts";
import { readInstant } from "./clock.ts";
import { identity, restOf, typeOf, unknownFields, type Context } from "./context.ts";
import { id, label, leftover, maybe, prose } from "./fields.ts";
import type { Json } from "./json.ts";
import type { Reading } from "./reader.ts";

type MessageReceived = z.infer<typeof MessageReceived>;
type Data = MessageReceived["data"];

export const received = (
  message: Json,
  wamid: string,
  { content, rest }: Reading,
  context: Context,
): MessageReceived => {
  const { at: sentAt, clock } = readInstant(message.timestamp, context.ids.receivedAt);
  const about = part(About, message, "context");
  const referral = part(Advertisement, message, "referral");
  const groupId = label.safeParse(message.group_id).data;
  return {
    type: "MessageReceived",
    data: {
      ...identity(message, wamid, context),
      wamid,
      sentAt,
      clock,
      content,
      ...relations(about.data, context),
      referral: referral.data && advertisement(referral.data),
      groupId,
      noReply: noReply(context, groupId),
      unknownFields: unread(message, content.type, { ...rest, ...about.rest, ...referral.rest }),
    },
  };
};

const noReply = ({ mode }: Context, groupId: string | undefined): Data["noReply"] => {
  if (mode !== "live") return mode;
  return groupId === undefined ? undefined : "group";
};

/** Errors are read with a message that Meta could not pass on. Unknown content holds everything already. */
const unread = (message: Json, content: Data["content"]["type"], rest: Json): string | undefined => {
  if (content === "unknown") return undefined;
  const errors = content === "unsupported" ? ["errors"] : [];
  return unknownFields(message, ["context", "referral", "group_id", typeOf(message), ...errors], rest);
};

const About = z.object({
  from: z.unknown().optional(),
  id: maybe(id),
  forwarded: maybe(z.boolean()),
  frequently_forwarded: maybe(z.boolean()),
  referred_product: maybe(z.object({ catalog_id: label, product_retailer_id: label })),
});

const relations = (about: z.output<typeof About> | undefined, { ids }: Context): Partial<Data> => ({
  inReplyTo: about?.id === undefined ? undefined : ids.messageId(about.id),
  forwarded: about?.forwarded || about?.frequently_forwarded || undefined,
  referredProduct: about?.referred_product && {
    catalogId: about.referred_product.catalog_id,
    productId: about.referred_product.product_retailer_id,
  },
});

const Advertisement = z.object({
  source_type: maybe(label),
  source_id: maybe(label),
  source_url: maybe(label),
  headline: maybe(label),
  body: maybe(label),
  ctwa_clid: maybe(prose),
});

const advertisement = (referral: z.output<typeof Advertisement>): NonNullable<Data["referral"]> => ({
  sourceType: referral.source_type,
  sourceId: referral.source_id,
  sourceUrl: referral.source_url,
  headline: referral.headline,
  body: referral.body,
  clickId: referral.ctwa_clid,
});

/** A part that a message may have. In another shape it counts as unknown, not as a reason to refuse the rest. */
const part = <Schema extends z.ZodObject>(schema: Schema, message: Json, name: string) => {
  const { data } = schema.safeParse(message[name]);
  return { data, rest: restOf(name, data ? leftover(schema, message[name]) : message[name]) };
};
