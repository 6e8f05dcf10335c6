/** The simulated WhatsApp's memory: who the customers are and what stands in their chats. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { Customer, PhoneMessage, Ticks } from "./shapes.ts";
import { blob, type Vault } from "./vault.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS customers (id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    wamid TEXT NOT NULL UNIQUE,
    customer TEXT NOT NULL,
    sender TEXT NOT NULL,
    ticks TEXT NOT NULL,
    callback TEXT,
    sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS denied (callback TEXT PRIMARY KEY) STRICT;
  CREATE INDEX IF NOT EXISTS messages_of_customer ON messages (customer, seq);
  CREATE INDEX IF NOT EXISTS messages_by_callback ON messages (callback) WHERE callback IS NOT NULL;
`;

/** A message and where it stands in the order of things. */
export type ChatMessage = PhoneMessage & { seq: number; ticks: Ticks };

/** Messages of one chat that are shown; older ones stay stored. */
export const shownMax = 300;

export type Chats = ReturnType<typeof chats>;

/** Writes are synchronous and durable when they return; several belong in the caller's `transaction`. */
export const chats = (db: DatabaseSync, vault: Vault) => {
  db.exec(schema);
  const customers = new Map<string, Customer>();
  const dataVersion = db.prepare("PRAGMA data_version");
  let seenVersion: unknown;

  /** Read anew when another process has changed the file: `hilo erase` takes people out of it. */
  const current = (): Map<string, Customer> => {
    const version = dataVersion.get()?.["data_version"];
    if (version === seenVersion) return customers;
    seenVersion = version;
    customers.clear();
    for (const { id, sealed } of db.prepare("SELECT id, sealed FROM customers ORDER BY rowid").all())
      customers.set(String(id), vault.open(Customer, blob(sealed), `customer/${String(id)}`));
    return customers;
  };

  const select = (where: string, ...values: SQLInputValue[]): ChatMessage[] =>
    db
      .prepare(`SELECT seq, wamid, ticks, sealed FROM messages WHERE ${where}`)
      .all(...values)
      .map((row) => ({
        ...vault.open(PhoneMessage, blob(row["sealed"]), `message/${String(row["wamid"])}`),
        seq: Number(row["seq"]),
        ticks: Ticks.parse(row["ticks"]),
      }));

  return {
    customers: (): Customer[] => [...current().values()],
    customer: (id: string): Customer | undefined => current().get(id),
    /** Finds a customer by phone number (digits) or user id. */
    customerAt: ({ phone, userId }: { phone?: string; userId?: string }): Customer | undefined =>
      [...current().values()].find((it) => (phone && it.phone === phone) || (userId && it.userId === userId)),

    addCustomer(customer: Customer): void {
      db.prepare("INSERT INTO customers VALUES (?, ?)").run(
        customer.id,
        vault.seal(customer, `customer/${customer.id}`),
      );
      customers.set(customer.id, customer);
    },

    /** Adds a message, or replaces the one with its id. */
    put(message: PhoneMessage): void {
      const { customer, from, callbackData } = message;
      // WhatsApp's own ids, which others bring, hold the phone number
      const wamid = vault.fingerprint(message.wamid);
      const callback = callbackData === undefined ? null : vault.fingerprint(callbackData);
      const sealed = vault.seal(PhoneMessage.parse(message), `message/${wamid}`);
      db.prepare(
        `INSERT INTO messages (wamid, customer, sender, ticks, callback, sealed) VALUES (?, ?, ?, 'sent', ?, ?)
         ON CONFLICT (wamid) DO UPDATE SET sealed = excluded.sealed`,
      ).run(wamid, customer, from, callback, sealed);
    },

    message: (wamid: string): ChatMessage | undefined => select("wamid = ?", vault.fingerprint(wamid))[0],
    /** The newest messages of a chat, oldest first. */
    chat: (customer: string): ChatMessage[] =>
      select("customer = ? ORDER BY seq DESC LIMIT ?", customer, shownMax).toReversed(),
    /** What has been said not to be there never comes: history is a proof (docs/decisions/0012). */
    deny(callbackData: string): void {
      db.prepare("INSERT OR IGNORE INTO denied VALUES (?)").run(vault.fingerprint(callbackData));
    },
    isDenied: (callbackData: string): boolean =>
      db.prepare("SELECT 1 FROM denied WHERE callback = ?").get(vault.fingerprint(callbackData)) !==
      undefined,
    /** Every message that was sent with this `biz_opaque_callback_data`. */
    sentWith: (callbackData: string): ChatMessage[] =>
      select("callback = ? ORDER BY seq", vault.fingerprint(callbackData)),
    lastFrom: (customer: string, sender: PhoneMessage["from"]): ChatMessage | undefined =>
      select("customer = ? AND sender = ? ORDER BY seq DESC LIMIT 1", customer, sender)[0],
    unread: (customer: string): ChatMessage[] =>
      select("customer = ? AND sender = 'business' AND ticks <> 'read' ORDER BY seq", customer),

    /** Ticks never go back. */
    tick(wamid: string, ticks: "delivered" | "read"): void {
      db.prepare("UPDATE messages SET ticks = ? WHERE wamid = ? AND ticks <> 'read'").run(
        ticks,
        vault.fingerprint(wamid),
      );
    },
    /** Reading one message reads every earlier one of its sender, as with WhatsApp. */
    readUpTo({ customer, from, seq }: ChatMessage): void {
      db.prepare("UPDATE messages SET ticks = 'read' WHERE customer = ? AND sender = ? AND seq <= ?").run(
        customer,
        from,
        seq,
      );
    },

    forget(customer: string): void {
      db.prepare("DELETE FROM messages WHERE customer = ?").run(customer);
      db.prepare("DELETE FROM customers WHERE id = ?").run(customer);
      customers.delete(customer);
    },
  };
};
