/**
 * Who is who. A contact is known by any of its aliases (phone, BSUID, parent BSUID), each kept only as a
 * keyed hash; aliases rotate and merge.
 */
export type Alias = { kind: "phone" | "user-id"; hash: string };

export type Contact = {
  contactId: string;
  /** Contacts that turned out to be this same person. Their streams are to be absorbed. */
  absorbed: string[];
};

export type Identities = {
  /**
   * The contact of these aliases (at least one), atomically: known under any, it gains the others; unknown,
   * it becomes `newContactId`. Aliases of several contacts merge them into the oldest, except that a
   * user id outranks a phone: a phone seen with another user id has a new owner and moves to them.
   * `linked` says that the aliases are vouched for as one person (a system message of WhatsApp's), which
   * merges even then.
   */
  resolve(aliases: readonly Alias[], newContactId: string, options?: { linked?: boolean }): Promise<Contact>;
  /** The contact of any of these aliases, if there is one. */
  find(aliases: readonly Alias[]): Promise<Contact | undefined>;
  get(contactId: string): Promise<Contact | undefined>;
  /** Forgets a contact's aliases: whoever writes under them next is a new contact. */
  forget(contactId: string): Promise<void>;
  /** Remembers which conversation an outbound message belongs to. Idempotent. */
  placeMessage(messageId: string, stream: string): Promise<void>;
  /** The conversation of an outbound message. */
  streamOfMessage(messageId: string): Promise<string | undefined>;
};
