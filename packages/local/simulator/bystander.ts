/** Webhooks that others deliver to this Hilo (`hilo send`, curl, a test): their customers get a phone here, too. */
import * as z from "zod";
import type { Chats } from "./chats.ts";
import type { Limits } from "./limits.ts";
import type { Live } from "./live.ts";
import { type Customer, WireContent } from "./shapes.ts";

const Message = WireContent.extend({
  id: z.string(),
  timestamp: z.string().regex(/^\d{1,11}$/),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  context: z.object({ id: z.string() }).optional(),
});
type Message = z.infer<typeof Message>;

const Contacts = z.array(z.object({ profile: z.object({ name: z.string() }) }));

const Value = z.object({
  metadata: z.object({ phone_number_id: z.string() }),
  contacts: z.array(z.unknown()).optional(),
  messages: z.array(z.unknown()),
});

const Body = z.object({ entry: z.array(z.object({ changes: z.array(z.object({ value: z.unknown() })) })) });

/** Looks at a body that Hilo has accepted. What it can't place on a phone it leaves alone. */
export const bystander = ({
  chats,
  live,
  limits,
  newId,
}: {
  chats: Chats;
  live: Live;
  limits: Limits;
  newId: () => string;
}) => {
  const customerOf = ({ from, from_user_id: userId }: Message, name: string): Customer | undefined => {
    if (!from && !userId) return undefined;
    const address = { ...(from && { phone: from }), ...(userId && { userId }) };
    const known = chats.customerAt(address);
    if (known) return known;
    const customer: Customer = {
      id: newId(),
      name,
      userId: userId ?? "",
      ...(from && { phone: from }),
    };
    chats.addCustomer(customer);
    live.publish({ type: "customers" });
    return customer;
  };

  const show = (message: Message, name: string): void => {
    const { id: wamid, timestamp, from: _, from_user_id: __, context, ...content } = message;
    if (chats.message(wamid)) return;
    const customer = customerOf(message, name);
    if (!customer) return;
    const at = new Date(Number(timestamp) * 1_000).toISOString();
    const replyTo = context && { replyTo: context.id };
    chats.put({ wamid, customer: customer.id, from: "customer", at, content, reactions: {}, ...replyTo });
    chats.tick(wamid, "delivered");
    live.publish({ type: "chat", customer: customer.id });
  };

  return (rawBody: Uint8Array): void => {
    const body = Body.safeParse(JSON.parse(Buffer.from(rawBody).toString()));
    for (const { value } of body.data?.entry.flatMap(({ changes }) => changes) ?? []) {
      const { data } = Value.safeParse(value);
      const [contact] = Contacts.safeParse(data?.contacts).data ?? [];
      for (const item of data?.messages ?? []) {
        if (data) limits.received(data.metadata.phone_number_id);
        const message = Message.safeParse(item);
        if (message.success && shown.has(message.data.type))
          show(message.data, contact?.profile.name ?? "Somebody");
      }
    }
  };
};

/** Other kinds change a message, or say nothing. */
const shown = new Set([
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "interactive",
  "button",
]);
