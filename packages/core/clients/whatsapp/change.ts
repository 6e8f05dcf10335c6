/** Items that say something of another message: reactions, edits and revocations. */
import * as z from "zod";
import { readContent } from "./content.ts";
import { identity, restOf, typeOf, unknownFields, type Author, type Context } from "./context.ts";
import { id, leftover, maybe, prose } from "./fields.ts";
import type { Json } from "./json.ts";
import type { MessageEvent } from "./update.ts";

type Change = (message: Json, wamid: string, author: Author, context: Context) => MessageEvent | undefined;

/** The event, unless the item is something else, or a change whose payload can't be read. */
export const readChange = (
  message: Json,
  wamid: string,
  author: Author,
  context: Context,
): { isChange: boolean; event?: MessageEvent | undefined } => {
  const change = changes.get(typeOf(message));
  return change ? { isChange: true, event: change(message, wamid, author, context) } : { isChange: false };
};

const Reaction = z.object({ message_id: id, emoji: maybe(prose) });
const Edit = z.object({ original_message_id: id, message: z.record(z.string(), z.unknown()) });
const Revoke = z.object({ original_message_id: id });

/** A reaction of the business's has no event of its own: it is an echo like any other. */
const reaction: Change = (message, wamid, author, context) => {
  const { data } = Reaction.safeParse(message.reaction);
  if (!data || author === "business") return undefined;
  const rest = restOf("reaction", leftover(Reaction, message.reaction));
  return {
    type: "ReactionReceived",
    data: {
      ...identity(message, wamid, context),
      unknownFields: unknownFields(message, ["reaction"], rest),
      to: context.ids.messageId(data.message_id),
      emoji: data.emoji,
    },
  };
};

const edit: Change = (message, wamid, author, context) => {
  const { data } = Edit.safeParse(message.edit);
  if (!data) return undefined;
  const { content, rest } = readContent(data.message);
  return {
    type: "MessageEdited",
    data: {
      ...identity(message, wamid, context),
      unknownFields: unknownFields(message, ["edit"], restOf("edit", rest)),
      original: context.ids.messageId(data.original_message_id),
      content,
      by: author === "business" ? author : undefined,
    },
  };
};

const revoke: Change = (message, wamid, author, context) => {
  const { data } = Revoke.safeParse(message.revoke);
  if (!data) return undefined;
  return {
    type: "MessageRevoked",
    data: {
      ...identity(message, wamid, context),
      unknownFields: unknownFields(message, ["revoke"], restOf("revoke", leftover(Revoke, message.revoke))),
      original: context.ids.messageId(data.original_message_id),
      by: author,
    },
  };
};

const changes: ReadonlyMap<string, Change> = new Map([
  ["reaction", reaction],
  ["edit", edit],
  ["revoke", revoke],
]);
