/** Who an item is about. Phones come and go, so every name that Meta gives is kept. */
import { cut, isRecord, list, record, type Json } from "./json.ts";
import type { Sender } from "./update.ts";

/** The names of one customer, where Meta puts them in one kind of item. */
export type SenderFields = { phone: string; userId: string; parentUserId: string };

export const fromFields: SenderFields = {
  phone: "from",
  userId: "from_user_id",
  parentUserId: "from_parent_user_id",
};
export const toFields: SenderFields = {
  phone: "to",
  userId: "to_user_id",
  parentUserId: "to_parent_user_id",
};
export const recipientFields: SenderFields = {
  phone: "recipient_id",
  userId: "recipient_user_id",
  parentUserId: "recipient_parent_user_id",
};
/** In a group a status names the group as its recipient, and the person here. */
export const participantFields: SenderFields = {
  phone: "recipient_participant_id",
  userId: "recipient_participant_user_id",
  parentUserId: "recipient_participant_parent_user_id",
};
export const contactFields: SenderFields = {
  phone: "wa_id",
  userId: "user_id",
  parentUserId: "parent_user_id",
};

/** E.164 without the plus sign, or undefined: a placeholder or a hidden number is no name. */
export const phoneOf = (value: unknown): string | undefined => {
  if (typeof value !== "string" && !Number.isSafeInteger(value)) return undefined;
  const digits = cut(String(value), 64).replace(/[\s().+-]/g, "");
  return /^\d{5,20}$/.test(digits) ? digits : undefined;
};

/** A business-scoped user id: documented as `CC.<id>` and `CC.ENT.<id>`, taken in any form but a placeholder's. */
export const userIdOf = (value: unknown): string | undefined =>
  typeof value === "string" && /^[^\s<>]{1,160}$/.test(value) ? value : undefined;

/** A country, a point, and up to 128 letters and digits. */
export const documentedUserId = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/** The names in these fields. A user id where a phone should be is taken for what it is. */
export const namesIn = (item: Json, fields: SenderFields): Sender => {
  const phone = item[fields.phone];
  const userId = typeof phone === "string" && documentedUserId.test(phone) ? phone : undefined;
  return {
    phone: phoneOf(phone),
    userId: userIdOf(item[fields.userId]) ?? userId,
    parentUserId: userIdOf(item[fields.parentUserId]),
  };
};

export const isNamed = ({ phone, userId, parentUserId }: Sender): boolean =>
  phone !== undefined || userId !== undefined || parentUserId !== undefined;

/** The senders of one webhook value: what its `contacts` add to the items. */
export type People = {
  /** The customer in these fields of an item; failing that, the one whose thread it is in, if any. */
  find(item: Json, fields: SenderFields, thread?: Sender): Sender | undefined;
  /** What `contacts` know of this customer, added to it. */
  complete(sender: Sender): Sender;
  /** The only contact of the value, if it has one. */
  only: Sender | undefined;
  isBusiness(phone: string | undefined): boolean;
};

/**
 * An item without a readable name takes the value's only contact, provided that every item there names the
 * same sender: then the contact can be nobody else. Otherwise it stays without one, since to keep the
 * unreadable text as a name would make all customers behind it (hidden numbers, say) one person.
 */
export const peopleOf = (value: Json): People => {
  const business = phoneOf(record(value.metadata).display_phone_number);
  const isBusiness = (phone: string | undefined) => phone !== undefined && phone === business;
  const contacts = list(value.contacts).filter(isRecord).map(contact).filter(isNamed);
  const only = contacts.length === 1 ? contacts[0] : undefined;
  const adoptable = saidSenders(value) <= 1 ? only : undefined;
  const byName = indexed(contacts);
  const complete = (sender: Sender): Sender => {
    const match = [
      sender.phone && byName.get(`phone ${sender.phone}`),
      sender.userId && byName.get(`id ${sender.userId}`),
    ]
      .filter((known) => typeof known === "object")
      .find((known) => agree(known, sender));
    return match ? merged(sender, match) : sender;
  };
  return {
    find(item, fields, thread) {
      const said = namesIn(item, fields);
      const names = isBusiness(said.phone) ? { ...said, phone: undefined } : said;
      return isNamed(names) ? complete(names) : (thread ?? adoptable);
    },
    complete,
    only,
    isBusiness,
  };
};

const contact = (value: Json): Sender => {
  const profile = record(value.profile);
  return { ...namesIn(value, contactFields), name: words(profile.name), username: words(profile.username) };
};

const words = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? cut(value, 1_024) : undefined;

const indexed = (contacts: readonly Sender[]): Map<string, Sender> =>
  new Map(
    contacts.flatMap((known): [string, Sender][] => [
      ...(known.phone ? [[`phone ${known.phone}`, known] satisfies [string, Sender]] : []),
      ...(known.userId ? [[`id ${known.userId}`, known] satisfies [string, Sender]] : []),
    ]),
  );

/** A shared phone does not make one person of two user ids. */
const agree = (one: Sender, other: Sender): boolean =>
  same(one.phone, other.phone) &&
  same(one.userId, other.userId) &&
  same(one.parentUserId, other.parentUserId);

const same = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;

const merged = (said: Sender, known: Sender): Sender => ({
  phone: said.phone ?? known.phone,
  userId: said.userId ?? known.userId,
  parentUserId: said.parentUserId ?? known.parentUserId,
  name: known.name,
  username: known.username,
});

/** How many different senders the items of a value name, readable or not. */
const saidSenders = (value: Json): number =>
  new Set([
    ...list(value.messages).map((item) => said(record(item), fromFields)),
    ...list(value.message_echoes).map((item) => said(record(item), toFields)),
  ]).size;

const said = (item: Json, fields: SenderFields): string =>
  JSON.stringify([item[fields.phone], item[fields.userId]]);
