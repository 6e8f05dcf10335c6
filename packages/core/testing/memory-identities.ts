import type { Alias, Contact, Identities } from "../store/identities.ts";
import { contactsOfPerson, type SightedAlias } from "../store/identity-rules.ts";

/** Identities for tests and simulations: gone with the process. */
export const memoryIdentities = (): Identities => {
  /** Every contact, and the one that it is merged into: always one that is not merged itself. */
  const contacts = new Map<string, string | undefined>();
  const holders = new Map<string, { alias: Alias; contactId: string }>();
  const numbers = new Map<string, Set<string>>();
  const messages = new Map<string, string>();

  const holder = (alias: Alias) => holders.get(keyOf(alias))?.contactId;
  const isIdentified = (contactId: string) =>
    [...holders.values()].some(
      ({ alias, ...held }) => alias.kind === "user-id" && held.contactId === contactId,
    );

  const sighted = (alias: Alias): SightedAlias => {
    const contactId = holder(alias);
    return contactId === undefined
      ? { kind: alias.kind }
      : { kind: alias.kind, holder: { contactId, identified: isIdentified(contactId) } };
  };

  const contact = (contactId: string): Contact => {
    const absorbed = [...contacts].flatMap(([id, into]) => (into === contactId ? [id] : [])).toSorted();
    const placed = [contactId, ...absorbed].flatMap((id) => [...(numbers.get(id) ?? [])]);
    return { contactId, absorbed, phoneNumberIds: [...new Set(placed)].toSorted() };
  };

  const merge = (from: string, to: string): void => {
    for (const held of holders.values()) if (held.contactId === from) held.contactId = to;
    for (const [id, into] of contacts) if (id === from || into === from) contacts.set(id, to);
  };

  return {
    async resolve(aliases, newContactId, { linked = false } = {}) {
      if (aliases.length === 0) throw new RangeError("nobody is known by no alias");
      const [oldest, ...others] = contactsOfPerson(aliases.map(sighted), linked);
      const contactId = oldest ?? newContactId;
      if (oldest === undefined && contacts.has(newContactId))
        throw new RangeError("a contact's id is used once");
      if (oldest === undefined) contacts.set(newContactId, undefined);
      for (const other of others) merge(other, contactId);
      for (const alias of aliases) holders.set(keyOf(alias), { alias, contactId });
      return contact(contactId);
    },

    async find(aliases) {
      const [contactId] = contactsOfPerson(aliases.map(sighted), false);
      return contactId === undefined ? undefined : contact(contactId);
    },

    async get(contactId) {
      return contacts.has(contactId) ? contact(contacts.get(contactId) ?? contactId) : undefined;
    },

    async forget(contactId) {
      const current = contacts.get(contactId) ?? contactId;
      for (const [key, held] of holders) if (held.contactId === current) holders.delete(key);
    },

    async placeContact(contactId, phoneNumberId) {
      numbers.set(contactId, (numbers.get(contactId) ?? new Set()).add(phoneNumberId));
    },

    async placeMessage(messageId, stream) {
      if (!messages.has(messageId)) messages.set(messageId, stream);
    },

    streamOfMessage: async (messageId) => messages.get(messageId),
  };
};

const keyOf = ({ kind, hash }: Alias): string => `${kind}/${hash}`;
