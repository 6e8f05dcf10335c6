/**
 * Who is who. A contact is known by any of its aliases (phone, BSUID, parent BSUID), each kept only as a
 * keyed hash; aliases rotate and merge. `identity-rules.ts` says which aliases are one person.
 */
export type Alias = { kind: "phone" | "user-id"; hash: string };

export type Contact = {
  contactId: string;
  /** All contacts that ever turned out to be this same person, oldest first. Their streams are to be absorbed. */
  absorbed: string[];
  /** The numbers of ours that they, or any of those absorbed, have written to: where conversations may be. */
  phoneNumberIds: string[];
};

export type Identities = {
  /**
   * The contact of the person with these aliases (at least one), atomically: known under any, it gains the
   * others; unknown, it becomes `newContactId`, a ULID that was never used before. Contacts that turn out to
   * be one person merge into the oldest. A phone that has a new owner moves to them. `linked` says that a
   * system message of WhatsApp's vouches for the aliases as one person. Safe to repeat.
   */
  resolve(aliases: readonly Alias[], newContactId: string, options?: { linked?: boolean }): Promise<Contact>;
  /** The contact that `resolve` would find, unlinked; undefined where it would make a new one. Changes nothing. */
  find(aliases: readonly Alias[]): Promise<Contact | undefined>;
  /**
   * What became of a contact: itself, or the one that absorbed it. Also of a forgotten one, so that an
   * erasure can be taken up again.
   */
  get(contactId: string): Promise<Contact | undefined>;
  /**
   * Forgets the aliases of a contact and of all that are the same person: whoever writes under them next is
   * a new contact. What is placed stays, so that a late status still finds its conversation.
   */
  forget(contactId: string): Promise<void>;
  /** Remembers that the contact writes to this number of ours, before the first message is stored. */
  placeContact(contactId: string, phoneNumberId: string): Promise<void>;
  /** Remembers which conversation a message belongs to: one that we sent, or one whose sender is erased. The first to say so is right. */
  placeMessage(messageId: string, stream: string): Promise<void>;
  /** The conversation of such a message. */
  streamOfMessage(messageId: string): Promise<string | undefined>;
};
