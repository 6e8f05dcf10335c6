/**
 * Chats from before the number was connected. Source: Cloud API webhooks reference, "history": chunks of
 * threads; what they say of files comes later, as messages of their own.
 */
import { accountUpdate, malformed, type Author, type Context } from "./context.ts";
import { isRecord, list, record, without } from "./json.ts";
import { readMessage } from "./message.ts";
import { isNamed, namesIn, phoneOf, toFields, type SenderFields } from "./sender.ts";
import type { Update } from "./update.ts";

const threadFields: SenderFields = { phone: "id", userId: "user_id", parentUserId: "parent_user_id" };

/** The messages of a chunk, and what it says besides: how far the sync is, or why there is none. */
export const readHistory = (chunk: unknown, context: Context): Update[] => {
  if (!isRecord(chunk)) return [malformed(context, chunk)];
  const rest = without(chunk, new Set(["threads"]));
  return [
    ...list(chunk.threads).flatMap((thread) => readThread(thread, context)),
    ...(rest ? [accountUpdate(context, rest, rest)] : []),
  ];
};

const readThread = (thread: unknown, context: Context): Update[] => {
  if (!isRecord(thread)) return [malformed(context, thread)];
  const names = namesIn(thread, threadFields);
  const customer = isNamed(names) ? context.people.complete(names) : undefined;
  return list(thread.messages).map((item) => readMessage(item, authorOf(item, context), context, customer));
};

/** Only what the business sent says to whom. */
export const authorOf = (item: unknown, { people }: Context): Author => {
  const message = record(item);
  const isOurs =
    isNamed(namesIn(message, toFields)) ||
    people.isBusiness(phoneOf(message.from)) ||
    record(message.history_context).from_me === true;
  return isOurs ? "business" : "customer";
};
