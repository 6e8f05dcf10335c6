import { conversationsOf } from "#core/store/conversations.ts";
import type { Contact } from "#core/store/identities.ts";
import { readConversation } from "#core/store/read-conversation.ts";
import type { Stores } from "#local/stores.ts";
import { ERASED } from "#core/events/pii.ts";

/** What is recorded of a person's names and addresses, old ones included. */
export type Person = {
  contact: Contact;
  names: string[];
  /** Phones (digits) and user ids. */
  addresses: string[];
  conversations: number;
  events: number;
};

export const personOf = async (stores: Stores, contact: Contact): Promise<Person> => {
  const streams = await conversationsOf(stores.store.log, contact);
  const [names, addresses] = [new Set<string>(), new Set<string>()];
  let events = 0;
  for (const stream of streams)
    for await (const page of readConversation(stores.store, stream))
      for (const { type, data } of page) {
        events++;
        if (type !== "ContactIdentified") continue;
        for (const name of [data.name, data.username]) if (name && name !== ERASED) names.add(name);
        for (const address of [data.phone, data.userId, data.parentUserId])
          if (address && address !== ERASED) addresses.add(address);
      }
  return { contact, names: [...names], addresses: [...addresses], conversations: streams.length, events };
};
