/** From the body of a webhook to its updates, each apart, so that a bad one hurts only itself (F5). */
import { accountUpdate, malformed, type Context } from "./context.ts";
import { label } from "./fields.ts";
import { authorOf, readHistory } from "./history.ts";
import { canonical, defined, isRecord, list, record, without, type Json } from "./json.ts";
import { readMessage } from "./message.ts";
import { readPreference } from "./preference.ts";
import { isNamed, namesIn, peopleOf, type SenderFields } from "./sender.ts";
import { readStatus } from "./status.ts";
import type { Ids, Sender, Update } from "./update.ts";

/** Reads any JSON value: what it can't make sense of it keeps. Never throws. */
export const parseWebhook = (body: unknown, ids: Ids): Update[] => {
  const known = canonical(body);
  const { entry } = record(known);
  if (!Array.isArray(entry)) return [defined(malformed({ ids, place: placeOf({}, {}, "") }, known))];
  return entry.flatMap((item) => readEntry(item, ids)).map(defined);
};

const readEntry = (entry: unknown, ids: Ids): Update[] => {
  const { changes } = record(entry);
  if (!isRecord(entry) || !Array.isArray(changes)) {
    return [malformed({ ids, place: placeOf(record(entry), {}, "") }, entry)];
  }
  return changes.flatMap((change) => readChange(change, entry, ids));
};

/** The fields whose values hold what is in conversations, and under which circumstances. */
const modes: ReadonlyMap<string, Context["mode"]> = new Map([
  ["messages", "live"],
  ["smb_message_echoes", "live"],
  ["message_echoes", "live"],
  ["standby", "standby"],
  ["history", "history"],
  ["user_preferences", "live"],
]);

const readChange = (change: unknown, entry: Json, ids: Ids): Update[] => {
  const { field: named, value } = record(change);
  const field = label.safeParse(named).data ?? "";
  const place = placeOf(entry, record(value), field);
  if (!isRecord(change) || field === "") return [malformed({ ids, place }, change)];
  const mode = modes.get(field);
  if (mode && isRecord(value)) return readValue(flattened(value), entry, { ids, place, mode });
  if (mode) return [malformed({ ids, place }, change)];
  return [newsOf(entry, value, { ids, place })];
};

const placeOf = (entry: Json, value: Json, field: string): Context["place"] => ({
  businessAccountId: label.safeParse(entry.id).data ?? "",
  phoneNumberId: label.safeParse(record(value.metadata ?? value.recipient).phone_number_id).data ?? "",
  field,
});

/** `standby` holds a second value inside the first (Cloud API, "Standby webhooks"). */
const flattened = (value: Json): Json => {
  const { standby, ...rest } = value;
  return isRecord(standby) ? { ...rest, ...standby } : value;
};

const READ = new Set([
  "messaging_product",
  "metadata",
  "contacts",
  "messages",
  "message_echoes",
  "statuses",
  "errors",
  "history",
  "user_preferences",
]);

const readValue = (value: Json, entry: Json, base: Omit<Context, "people">): Update[] => {
  const context: Context = { ...base, people: peopleOf(value) };
  const isHistory = context.mode === "history";
  const updates = [
    ...list(value.messages).map((item) =>
      readMessage(item, isHistory ? authorOf(item, context) : "customer", context),
    ),
    ...list(value.message_echoes).map((item) => readMessage(item, "business", context)),
    ...list(value.statuses).map((item) => readStatus(item, context)),
    ...list(value.history).flatMap((chunk) => readHistory(chunk, context)),
    ...list(value.user_preferences).map((item) => readPreference(item, context)),
    ...list(value.errors).map((error) => accountUpdate(context, { errors: [error] }, [entry.time, error])),
  ];
  const unread = without(value, READ) ?? (updates.length > 0 ? undefined : value);
  return unread ? [...updates, newsOf(entry, unread, context)] : updates;
};

/** The rest of a value, as an update that could be fed in again. */
const newsOf = (entry: Json, value: unknown, context: Pick<Context, "ids" | "place">): Update => {
  const raw = { id: entry.id, time: entry.time, changes: [{ field: context.place.field, value }] };
  return accountUpdate(context, raw, [entry.time, value], customerOf(record(value)));
};

const handoverFields: SenderFields = {
  phone: "phone_number",
  userId: "user_id",
  parentUserId: "parent_user_id",
};

/** Whom news is about, when it is about one customer. */
const customerOf = (value: Json): Sender | undefined => {
  const { only } = peopleOf(value);
  const sender = namesIn(record(value.sender), handoverFields);
  return only ?? (isNamed(sender) ? sender : undefined);
};
