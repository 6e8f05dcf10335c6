import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { whetherDone } from "./dynamo-batches.ts";
import { identityItems, type AliasSighting, type ContactItem } from "./dynamo-identity-items.ts";
import type { Alias, Contact, Identities } from "./identities.ts";
import { contactsOfPerson } from "./identity-rules.ts";

/** Steps of one `resolve`: a new person with every alias takes five, a merge of three some more. */
const stepsMax = 100;

/** Too many others changed the same person at the same moment: try again later. */
export class IdentityContention extends Error {
  override name = "IdentityContention";
}

/**
 * Identities on DynamoDB, in a table as `dynamo-schemas.ts` describes it, without transactions. An alias
 * points to a contact, and a contact that was merged to the older one that it became a part of, so that each
 * fact is one conditional write: a merge is the link, forgetting is the mark on the contact. `resolve` looks,
 * takes the first step that is still missing, and looks again until none is. So whoever repeats it after a
 * crash goes on where it stopped, and racers finish each other's work.
 */
export const dynamoIdentities = ({
  client,
  table,
}: {
  client: DynamoDBClient;
  table: string;
}): Identities => {
  const items = identityItems(client, table);

  /** The first step that is missing to make the sighting true. Undefined when it is. */
  const nextStep = (
    sighting: AliasSighting[],
    newContact: NewContact,
    linked: boolean,
  ): (() => Promise<unknown>) | undefined => {
    for (const { root, chain } of sighting) {
      const lacking = root && lackedBy(root, chain);
      if (root && lacking) return () => items.gain(root.contactId, lacking);
    }
    const roots = new Map(sighting.flatMap(({ root }) => (root ? [[root.contactId, root] as const] : [])));
    const [oldest, ...others] = contactsOfPerson(sightedAliases(sighting), linked);
    if (oldest === undefined && !newContact.isMade)
      return async () => {
        await items.create(newContact.contactId, sighting);
        newContact.isMade = true;
      };
    const target = oldest ?? newContact.contactId;
    const [other] = others;
    if (other !== undefined) return () => items.link(other, target);
    const known = roots.get(target);
    const unlisted = known ? sighting.filter(({ id }) => !known.aliases.has(id)) : [];
    if (unlisted.length > 0) return () => items.gain(target, { aliases: unlisted.map(({ id }) => id) });
    const stray = inOrderOfClaims(sighting).find(({ contactId }) => contactId !== target);
    return (
      stray &&
      (async () => {
        const isClaimed = await items.claim(stray, target);
        if (target === newContact.contactId) newContact.isClaimed ||= isClaimed;
      })
    );
  };

  const contactOf = async (root: ContactItem, chain: readonly ContactItem[] = []): Promise<Contact> => {
    const absorbed = [...new Set([...root.absorbed, ...chain.map(({ contactId }) => contactId)])]
      .filter((id) => id !== root.contactId)
      .toSorted();
    const parts = absorbed.length > 0 ? await items.contacts(absorbed) : [];
    const numbers = new Set([root, ...parts].flatMap((part) => [...part.numbers]));
    return { contactId: root.contactId, absorbed, phoneNumberIds: [...numbers].toSorted() };
  };

  const personOf = async (sighting: readonly AliasSighting[], contactId: string | undefined) => {
    const seen = sighting.find(({ root }) => root?.contactId === contactId);
    return seen?.root && contactOf(seen.root, seen.chain);
  };

  return {
    async resolve(aliases, newContactId, { linked = false } = {}) {
      if (aliases.length === 0) throw new RangeError("nobody is known by no alias");
      const newContact = { contactId: newContactId, isMade: false, isClaimed: false };
      for (let step = 0; step < stepsMax; step++) {
        const sighting = await items.sight(aliases);
        const take = nextStep(sighting, newContact, linked);
        if (!take) {
          const [contactId] = contactsOfPerson(sightedAliases(sighting), linked);
          if (newContact.isMade && !newContact.isClaimed) await items.discard(newContactId);
          const person = await personOf(sighting, contactId);
          if (person) return person;
        }
        await take?.();
      }
      throw new IdentityContention(`${stepsMax} steps did not resolve one person`);
    },

    async find(aliases: readonly Alias[]) {
      const sighting = await items.sight(aliases);
      const [contactId] = contactsOfPerson(sightedAliases(sighting), false);
      return personOf(sighting, contactId);
    },

    async get(contactId) {
      const chain = await items.chainFrom(contactId);
      const root = chain.at(-1);
      return root && contactOf(root, chain);
    },

    /** The mark is what counts; the aliases are deleted after it, as often as it is repeated. */
    async forget(contactId) {
      const chain = await items.chainFrom(contactId);
      const root = chain.at(-1);
      if (root) await items.forget(root, chain);
    },

    async placeContact(contactId, phoneNumberId) {
      await items.gain(contactId, { numbers: [phoneNumberId] });
    },

    async placeMessage(messageId, stream) {
      const item = { pk: { S: `message#${messageId}` }, stream: { S: stream } };
      const condition = { ConditionExpression: "attribute_not_exists(pk)" };
      await whetherDone(client.send(new PutItemCommand({ TableName: table, Item: item, ...condition })));
    },

    async streamOfMessage(messageId) {
      return (await items.read(`message#${messageId}`))?.["stream"]?.S;
    },
  };
};

type NewContact = { contactId: string; isMade: boolean; isClaimed: boolean };

/** User ids first, each kind in order: racers claim in the same order, so that the first claim decides. */
const inOrderOfClaims = (sighting: readonly AliasSighting[]): AliasSighting[] =>
  sighting.toSorted((a, b) => (a.id < b.id ? 1 : -1));

/** As the rules want them. An alias that a contact was about to claim is already its own. */
const sightedAliases = (sighting: readonly AliasSighting[]) =>
  sighting.map(({ kind, id, root }) => {
    const holder = root ?? sighting.find((other) => other.root?.aliases.has(id))?.root;
    return {
      kind,
      ...(holder && {
        holder: { contactId: holder.contactId, identified: isIdentified(holder, sighting) },
      }),
    };
  });

/** Whether a user id is this contact's; one that turned out to be another's does not count. */
const isIdentified = ({ contactId, aliases }: ContactItem, sighting: readonly AliasSighting[]): boolean =>
  [...aliases].some(
    (id) =>
      id.startsWith("user-id#") &&
      !sighting.some((other) => other.id === id && other.root && other.root.contactId !== contactId),
  );

/** What a contact must have of all that were merged into it. Undefined when it has. */
const lackedBy = (root: ContactItem, chain: readonly ContactItem[]) => {
  const merged = chain.filter(({ contactId }) => contactId !== root.contactId);
  const absorbed = merged
    .flatMap((part) => [part.contactId, ...part.absorbed])
    .filter((id) => !root.absorbed.has(id));
  const aliases = merged.flatMap((part) => [...part.aliases]).filter((id) => !root.aliases.has(id));
  return absorbed.length + aliases.length > 0 ? { absorbed, aliases } : undefined;
};
