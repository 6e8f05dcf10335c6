/**
 * WhatsApp's own messages about a customer: a new number, a new user id, a new device. Source: Cloud API
 * webhooks reference, "system messages", and its changelog of 11 August 2026 for the `previous_…` fields.
 */
import type { EventOf } from "../../events/conversation.ts";
import { accountUpdate, identity, malformed, typeOf, type Context } from "./context.ts";
import { record, type Json } from "./json.ts";
import { contactFields, fromFields, isNamed, namesIn, phoneOf, type SenderFields } from "./sender.ts";
import type { Rotation, Sender, Update } from "./update.ts";

type Because = Exclude<EventOf<"ContactIdentified">["data"]["because"], "message">;

/** The names that versions of the API gave the same three things. */
const reasons: ReadonlyMap<string, Because> = new Map([
  ["user_changed_number", "number-changed"],
  ["customer_changed_number", "number-changed"],
  ["user_changed_user_id", "user-id-changed"],
  ["customer_identity_changed", "identity-changed"],
  ["user_identity_changed", "identity-changed"],
]);

/** Other system messages are kept as news of the account: they are not a customer's words to be answered. */
export const readSystem = (
  message: Json,
  wamid: string,
  found: Sender | undefined,
  context: Context,
): Update => {
  const system = record(message.system);
  const because = reasons.get(typeOf(system));
  if (!because) return accountUpdate(context, message, message, found);
  const now = newNames(system);
  const rotates = because !== "identity-changed";
  if (rotates && !isNamed(now)) return accountUpdate(context, message, message, found);
  const sender = rotates ? context.people.complete(now) : (found ?? now);
  if (!isNamed(sender)) return malformed(context, message);
  const { phone, userId, parentUserId, name, username } = sender;
  const details = { phone, userId, parentUserId, name, username };
  const data = { ...identity(message, wamid, context), because, ...details };
  const rotation = rotates ? rotationFrom(oldNames(message, system, now)) : {};
  return {
    ...context.place,
    kind: "message",
    sender,
    ...rotation,
    event: { type: "ContactIdentified", data },
  };
};

const newNames = (system: Json): Sender => {
  const names = namesIn(system, contactFields);
  return { ...names, phone: names.phone ?? phoneOf(system.new_wa_id) };
};

const previousFields: SenderFields = {
  phone: "previous_wa_id",
  userId: "previous_user_id",
  parentUserId: "previous_parent_user_id",
};

/** The message itself comes from the old names, though its user id was seen to be the new one at times. */
const oldNames = (message: Json, system: Json, now: Sender): Sender => {
  const from = namesIn(message, fromFields);
  const previous = namesIn(system, previousFields);
  const other = (old: string | undefined, current: string | undefined) => (old === current ? undefined : old);
  return {
    phone: previous.phone ?? other(from.phone ?? phoneOf(system.customer), now.phone),
    userId: previous.userId ?? other(from.userId, now.userId),
    parentUserId: previous.parentUserId ?? other(from.parentUserId, now.parentUserId),
  };
};

const rotationFrom = (previous: Sender): Rotation => (isNamed(previous) ? { previous, linked: true } : {});
