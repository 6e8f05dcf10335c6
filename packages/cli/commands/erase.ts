import type { Config } from "#core/config.ts";
import { views } from "#core/views/all.ts";
import { eraseContact } from "#functions/commands/erase-contact.ts";
import { forgetSimulated } from "#local/forget-simulated.ts";
import type { Stores } from "#local/stores.ts";
import { count } from "../count.ts";
import { command, settings } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { Failure } from "../errors.ts";
import { withStores } from "../open-data.ts";
import { escape, type Output } from "../output.ts";
import { personOf, type Person } from "../person.ts";
import { resolveContact } from "../resolve-contact.ts";

export const erase = command({
  name: "erase",
  about:
    "Erases a person for ever: what they said and who they are can never be read again. Safe while Hilo runs, and to repeat.",
  positionals: ["<contact>"],
  options: { yes: { type: "boolean", short: "y", about: "do not ask" } },
  examples: [
    ["'+34 600 00 00 12'", "the customer with that phone number"],
    ["01JNQ4Z8V0R2M6T9XKBC3D5EFG --yes --json", "by contact id, for programs"],
  ],
  async run({ values, positionals: [contact = ""], out }) {
    const config = settings(values);
    return withStores(config, async (stores) => {
      const person = await personOf(stores, await resolveContact(stores, contact));
      out.note(described(person));
      if (!(values.yes ?? (await confirmed(question)))) throw new Failure("nothing was erased");
      await erasePerson(config, stores, person, out);
      return 0;
    });
  },
});

/** The simulator's copies go first, because only the events say under which addresses they are; and once more after, for what was under way. */
const erasePerson = async (
  config: Config,
  stores: Stores,
  { contact, addresses }: Person,
  out: Output,
): Promise<void> => {
  const { contactId } = contact;
  await forgetSimulated(config.HILO_DATA_DIR, stores, addresses);
  const erased = await eraseContact({ ...stores, viewStore: stores.views, views }, contactId);
  if (!erased) throw new Failure(`there is no contact ${contactId}`);
  await forgetSimulated(config.HILO_DATA_DIR, stores, addresses);
  out.value(erased);
  for (const id of erased.contactIds)
    out.text(`Erased contact ${id}: the key to all they said is destroyed.`);
  for (const stream of erased.streams) out.text(`Emptied ${stream} in every view; its versions stay.`);
  out.text("Whoever writes from there next is somebody new.");
};

const question = "Erase this person for ever? Nothing brings them back.";

const described = ({ names, addresses, conversations, events }: Person): string => {
  const who = [...names, ...addresses.map((address) => (/^\d+$/.test(address) ? `+${address}` : address))];
  return `${who.length > 0 ? escape(who.join(", ")) : "Nobody any more"}: ${count(conversations, "conversation")} with ${count(events, "event")}.`;
};
