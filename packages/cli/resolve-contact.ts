/** Who is meant by a word on the command line. */
import { documentedUserId } from "#core/clients/whatsapp/sender.ts";
import { parseConversationStream } from "#core/events/stream.ts";
import type { Contact } from "#core/store/identities.ts";
import { aliasesOf } from "#functions/shared/aliases-of.ts";
import type { Stores } from "#local/stores.ts";
import { Failure, UsageError } from "./errors.ts";
import { escape } from "./output.ts";

/** How WhatsApp knows a person: the digits of the phone as in `wa_id`, or a business-scoped user id. */
export type Address = { phone: string } | { userId: string };

const CONTACT_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** A phone with its country, however it is written (`+34 600 00 00 12`, `0034-600…`, `34600000012`), or a BSUID. */
export const addressOf = (text: string): Address | undefined => {
  if (documentedUserId.test(text)) return { userId: text };
  const digits = text
    .trim()
    .replace("(0)", "")
    .replace(/[\s().\-/\u2010-\u2015]/g, "")
    .replace(/^(?:\+|00)/, "");
  return /^[1-9]\d{4,19}$/.test(digits) ? { phone: digits } : undefined;
};

/** The same, of what must be one. Throws `UsageError`. */
export const needAddress = (text: string): Address => {
  const address = addressOf(text);
  if (!address)
    throw new UsageError(
      `"${escape(text)}" is neither a phone number with its country nor a BSUID such as ES.1047`,
    );
  return address;
};

/** By contact id, conversation id, phone or BSUID. Throws `Failure` when there is nobody, `UsageError` when it is none of these. */
export const resolveContact = async ({ identities, pseudonyms }: Stores, text: string): Promise<Contact> => {
  const contactId = CONTACT_ID.test(text) ? text : parseConversationStream(text)?.contactId;
  const address = contactId === undefined ? needAddress(text) : undefined;
  const contact = address
    ? await identities.find(aliasesOf(pseudonyms, address))
    : await identities.get(contactId ?? "");
  if (!contact) throw new Failure(`nobody is known here as ${escape(text)}: hilo conversations lists who is`);
  return contact;
};
