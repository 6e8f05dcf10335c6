import type { Customer, PhoneMessage } from "./shapes.ts";
import type { InboundItem } from "./webhook-bodies.ts";

/** What a webhook tells of, as it stands in the chat. */
export const phoneMessage = (
  customer: Customer,
  from: PhoneMessage["from"],
  { wamid, at, content, context }: InboundItem,
): PhoneMessage => ({
  wamid,
  customer: customer.id,
  from,
  at,
  content,
  reactions: {},
  ...(context && { replyTo: context.wamid }),
});
