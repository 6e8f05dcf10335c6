import type { Chats } from "./chats.ts";
import type { MediaShelf } from "./media.ts";
import type { Outbox } from "./outbox.ts";
import type { Vault } from "./vault.ts";
import { digits } from "./webhook-bodies.ts";

type Parts = { vault: Vault; chats: Chats; media: MediaShelf; outbox: Pick<Outbox, "forget"> };

/**
 * Deletes everything about whoever has one of these phone numbers or user ids, customers of the page or not. Answers
 * which customers they were. Call it in a transaction.
 */
export const forgetPeople = (
  { vault, chats, media, outbox }: Parts,
  phonesOrUserIds: readonly string[],
): string[] =>
  phonesOrUserIds.flatMap((address) => {
    const phone = /^[A-Z]{2}\./.test(address) ? undefined : digits(address);
    const id = chats.customerAt(phone ? { phone } : { userId: address })?.id;
    const known = id === undefined ? [] : [id];
    for (const customer of [...known, vault.fingerprint(phone ?? address)])
      for (const part of [chats, media, outbox]) part.forget(customer);
    return known;
  });
