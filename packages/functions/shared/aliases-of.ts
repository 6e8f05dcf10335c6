import type { Pseudonyms } from "#core/clients/pseudonyms.ts";
import type { Alias } from "#core/store/identities.ts";

/** As WhatsApp names a person: the phone as in `wa_id`, business-scoped user ids. */
export type Names = {
  phone?: string | undefined;
  userId?: string | undefined;
  parentUserId?: string | undefined;
};

/** What a person with these names is found by. */
export const aliasesOf = (
  { alias }: Pick<Pseudonyms, "alias">,
  { phone, userId, parentUserId }: Names,
): Alias[] => [
  ...(phone ? [{ kind: "phone" as const, hash: alias("phone", phone) }] : []),
  ...[userId, parentUserId].flatMap((id) =>
    id ? [{ kind: "user-id" as const, hash: alias("user-id", id) }] : [],
  ),
];
