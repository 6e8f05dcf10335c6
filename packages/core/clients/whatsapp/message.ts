/** One item of `messages` or `message_echoes`: what a customer did, or the business from elsewhere. */
import { readInstant } from "./clock.ts";
import { readChange } from "./change.ts";
import { readContent, unknownContent } from "./content.ts";
import { identity, malformed, unknownFields, wamidOf, type Author, type Context } from "./context.ts";
import { isRecord, type Json } from "./json.ts";
import type { Reading } from "./reader.ts";
import { received } from "./received.ts";
import { fromFields, toFields } from "./sender.ts";
import { readSystem } from "./system.ts";
import type { MessageEvent, Sender, Update } from "./update.ts";

/**
 * Reads one item. The sender is always the customer, whoever wrote. `thread` is the customer whose chat the
 * item was found in, where Meta says so.
 */
export const readMessage = (item: unknown, author: Author, context: Context, thread?: Sender): Update => {
  if (!isRecord(item)) return malformed(context, item, thread);
  const sender = context.people.find(item, author === "customer" ? fromFields : toFields, thread);
  const wamid = wamidOf(item);
  if (item.type === "system" && wamid) return readSystem(item, wamid, sender, context);
  if (!sender || !wamid) return malformed(context, item, sender);
  return { ...context.place, kind: "message", sender, event: eventOf(item, wamid, author, context) };
};

const eventOf = (message: Json, wamid: string, author: Author, context: Context): MessageEvent => {
  const change = readChange(message, wamid, author, context);
  if (change.event) return change.event;
  const reading = change.isChange ? unknownContent(message) : readContent(message);
  return author === "customer"
    ? received(message, wamid, reading, context)
    : echoed(message, wamid, reading, context);
};

const echoed = (message: Json, wamid: string, { content, rest }: Reading, context: Context): MessageEvent => {
  const { at: sentAt, clock } = readInstant(message.timestamp, context.ids.receivedAt);
  const byBot = context.mode === "standby" || message.message_creation_type === "created_by_1p_bot";
  return {
    type: "MessageEchoed",
    data: {
      ...identity(message, wamid, context),
      sentAt,
      clock,
      content,
      by: byBot ? "bot" : "person",
      history: context.mode === "history" || undefined,
      unknownFields:
        content.type === "unknown"
          ? undefined
          : unknownFields(message, [content.type, String(message.type)], rest),
    },
  };
};
