import type { Alias } from "./identities.ts";

/** An alias of a message, and the contact that holds it. `identified`: that contact has a user id. */
export type SightedAlias = { kind: Alias["kind"]; holder?: { contactId: string; identified: boolean } };

/**
 * The contacts that are the one person who is sighted under these aliases, oldest first. They merge into
 * the first, which gains all the aliases; where there is none, a new contact does.
 *
 * User ids outrank phones. The user ids in one message (its BSUID and the parent BSUID) are always one
 * person, because WhatsApp issues them. A phone number can be given to somebody else, so it proves nothing
 * against a user id. What the phone's contact has to do with the person:
 *
 * | The phone is held by    | The message has         | Unlinked                    | Linked     |
 * |-------------------------|-------------------------|-----------------------------|------------|
 * | nobody                  | anything                | the person gains the phone  | same       |
 * | A                       | no user id              | A is the person             | same       |
 * | A, who has no user id   | user ids, known or not  | A is the person too         | same       |
 * | A, identified           | one of A's user ids     | A is the person             | same       |
 * | A, identified           | only others, of B       | the phone moves to B        | same       |
 * | A, identified           | only unknown ones       | the phone moves to a new C  | A is it    |
 *
 * A user id that was replaced in a linked message stays an alias: late deliveries still come under it. Of
 * several phones in one message, the first to be somebody's decides.
 */
export const contactsOfPerson = (sighted: readonly SightedAlias[], linked: boolean): string[] => {
  const holders = (kind: Alias["kind"]) =>
    sighted.flatMap((alias) => (alias.kind === kind && alias.holder ? [alias.holder] : []));
  const person = new Set(holders("user-id").map(({ contactId }) => contactId));
  // a known user id outranks even what is vouched for: the number may have been somebody else's before
  const vouched = linked && person.size === 0;
  let identified = sighted.some(({ kind }) => kind === "user-id");
  for (const holder of holders("phone")) {
    if (identified && holder.identified && !vouched) continue;
    person.add(holder.contactId);
    identified ||= holder.identified;
  }
  return [...person].toSorted();
};
