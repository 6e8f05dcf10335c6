import type { DatabaseSync } from "node:sqlite";
import type { Alias, Contact, Identities } from "./identities.ts";
import { contactsOfPerson, type SightedAlias } from "./identity-rules.ts";
import { groupedWork } from "./group-commit.ts";
import { transaction } from "./sqlite.ts";

/** `merged_into` always names a contact that is not merged itself. */
const schema = `
  CREATE TABLE IF NOT EXISTS identity_contacts (
    contact_id TEXT PRIMARY KEY,
    merged_into TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS identity_contacts_merged
    ON identity_contacts (merged_into) WHERE merged_into IS NOT NULL;
  CREATE TABLE IF NOT EXISTS identity_aliases (
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (kind, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS identity_aliases_contact ON identity_aliases (contact_id, kind);
  CREATE TABLE IF NOT EXISTS identity_numbers (
    contact_id TEXT NOT NULL,
    phone_number_id TEXT NOT NULL,
    PRIMARY KEY (contact_id, phone_number_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS identity_messages (
    message_id TEXT PRIMARY KEY,
    stream TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Identities in a database opened `full`: nothing else can restore them. What is written in the same moment shares a transaction. */
export const sqliteIdentities = (db: DatabaseSync): Identities => {
  transaction(db, () => db.exec(schema));
  const sql = statements(db);
  const grouped = groupedWork(db);

  const holder = ({ kind, hash }: Alias): string | undefined => {
    const row = sql.holder.get(kind, hash);
    return row && String(row["contact_id"]);
  };

  const sighted = (alias: Alias): SightedAlias => {
    const contactId = holder(alias);
    if (contactId === undefined) return { kind: alias.kind };
    return { kind: alias.kind, holder: { contactId, identified: sql.userId.get(contactId) !== undefined } };
  };

  const contact = (contactId: string): Contact => ({
    contactId,
    absorbed: sql.absorbed.all(contactId).map((row) => String(row["contact_id"])),
    phoneNumberIds: sql.numbers.all({ contactId }).map((row) => String(row["phone_number_id"])),
  });

  const survivor = (contactId: string): string | undefined => {
    const row = sql.contact.get(contactId);
    return row && String(row["merged_into"] ?? contactId);
  };

  const create = (contactId: string): string => {
    sql.create.run(contactId);
    return contactId;
  };

  return {
    async resolve(aliases, newContactId, { linked = false } = {}) {
      const [first, ...rest] = aliases;
      if (!first) throw new RangeError("nobody is known by no alias");
      // Nearly every message is from a contact that is known by all its aliases: that needs no lock.
      const known = holder(first);
      if (known !== undefined && rest.every((alias) => holder(alias) === known)) return contact(known);
      return grouped(() => {
        const [oldest, ...others] = contactsOfPerson(aliases.map(sighted), linked);
        const contactId = oldest ?? create(newContactId);
        for (const other of others) {
          sql.moveAliases.run({ from: other, to: contactId });
          sql.merge.run({ from: other, to: contactId });
        }
        for (const { kind, hash } of aliases) sql.putAlias.run(kind, hash, contactId);
        return contact(contactId);
      });
    },

    async find(aliases) {
      const [contactId] = contactsOfPerson(aliases.map(sighted), false);
      return contactId === undefined ? undefined : contact(contactId);
    },

    async get(contactId) {
      const current = survivor(contactId);
      return current === undefined ? undefined : contact(current);
    },

    async forget(contactId) {
      transaction(db, () => sql.forget.run(survivor(contactId) ?? contactId));
    },

    async placeContact(contactId, phoneNumberId) {
      await grouped(() => sql.placeContact.run(contactId, phoneNumberId));
    },

    async placeMessage(messageId, stream) {
      await grouped(() => sql.placeMessage.run(messageId, stream));
    },

    async streamOfMessage(messageId) {
      const row = sql.streamOfMessage.get(messageId);
      return row && String(row["stream"]);
    },
  };
};

const statements = (db: DatabaseSync) => ({
  numbers: db.prepare(`
    SELECT DISTINCT phone_number_id FROM identity_numbers
    WHERE contact_id = :contactId
      OR contact_id IN (SELECT contact_id FROM identity_contacts WHERE merged_into = :contactId)
    ORDER BY phone_number_id
  `),
  placeContact: db.prepare(
    "INSERT OR IGNORE INTO identity_numbers (contact_id, phone_number_id) VALUES (?, ?)",
  ),
  holder: db.prepare("SELECT contact_id FROM identity_aliases WHERE kind = ? AND hash = ?"),
  userId: db.prepare("SELECT 1 FROM identity_aliases WHERE contact_id = ? AND kind = 'user-id' LIMIT 1"),
  contact: db.prepare("SELECT merged_into FROM identity_contacts WHERE contact_id = ?"),
  absorbed: db.prepare("SELECT contact_id FROM identity_contacts WHERE merged_into = ? ORDER BY contact_id"),
  create: db.prepare("INSERT INTO identity_contacts (contact_id) VALUES (?)"),
  moveAliases: db.prepare("UPDATE identity_aliases SET contact_id = :to WHERE contact_id = :from"),
  merge: db.prepare(
    "UPDATE identity_contacts SET merged_into = :to WHERE contact_id = :from OR merged_into = :from",
  ),
  putAlias: db.prepare(
    `INSERT INTO identity_aliases (kind, hash, contact_id) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET contact_id = excluded.contact_id`,
  ),
  forget: db.prepare("DELETE FROM identity_aliases WHERE contact_id = ?"),
  placeMessage: db.prepare(
    "INSERT INTO identity_messages (message_id, stream) VALUES (?, ?) ON CONFLICT DO NOTHING",
  ),
  streamOfMessage: db.prepare("SELECT stream FROM identity_messages WHERE message_id = ?"),
});
