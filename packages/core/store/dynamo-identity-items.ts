/**
 * People as items of a DynamoDB table, and the conditional writes that change them. The names are the storage
 * format: `alias#<kind>#<hash>` points to a contact, `contact#<id>` is one.
 */
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { batchGet, whetherDone, type Item } from "./dynamo-batches.ts";
import type { Alias } from "./identities.ts";

export type ContactItem = {
  contactId: string;
  mergedInto: string | undefined;
  isForgotten: boolean;
  /** All that it ever claimed, or was about to, as `<kind>#<hash>`, its merged contacts' among them. */
  aliases: ReadonlySet<string>;
  absorbed: ReadonlySet<string>;
  numbers: ReadonlySet<string>;
};

/** An alias as it was found: what it points to, and where the links lead from there. */
export type AliasSighting = {
  kind: Alias["kind"];
  /** `<kind>#<hash>`. */
  id: string;
  contactId: string | undefined;
  /** The contact that it belongs to now; undefined too when that one is forgotten. */
  root: ContactItem | undefined;
  /** All contacts on the way to it. */
  chain: ContactItem[];
};

type Gains = { aliases?: readonly string[]; absorbed?: readonly string[]; numbers?: readonly string[] };

export const identityItems = (client: DynamoDBClient, table: string) => {
  const read = async (pk: string): Promise<Item | undefined> => {
    const get = { TableName: table, Key: { pk: { S: pk } }, ConsistentRead: true };
    return (await client.send(new GetItemCommand(get))).Item;
  };

  const readAll = (pks: Iterable<string>) =>
    batchGet(
      client,
      table,
      [...new Set(pks)].map((pk) => ({ pk: { S: pk } })),
    );

  const contacts = async (ids: Iterable<string>): Promise<ContactItem[]> =>
    (await readAll([...ids].map((id) => `contact#${id}`))).map(contactFrom);

  /** From a contact to the one that it is a part of, as far as contacts are there. They link to older ones only. */
  const chainFrom = async (
    contactId: string,
    known: ReadonlyMap<string, ContactItem> = new Map(),
  ): Promise<ContactItem[]> => {
    const chain: ContactItem[] = [];
    for (let next: string | undefined = contactId; next !== undefined;) {
      const contact: ContactItem | undefined = known.get(next) ?? (await contacts([next]))[0];
      if (contact) chain.push(contact);
      next = contact?.mergedInto;
    }
    return chain;
  };

  const update = (contactId: string, expression: Partial<UpdateItemCommand["input"]>) =>
    whetherDone(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: `contact#${contactId}` } },
          ...expression,
        }),
      ),
    );

  return {
    read,
    contacts,
    chainFrom,

    async sight(aliases: readonly Alias[]): Promise<AliasSighting[]> {
      const found = await readAll(aliases.map((alias) => `alias#${idOf(alias)}`));
      const pointers = new Map(found.map((item) => [item["pk"]?.S, item["contactId"]?.S]));
      const holders = [...pointers.values()].filter((id) => id !== undefined);
      const known = new Map(
        holders.length > 0 ? (await contacts(holders)).map((item) => [item.contactId, item]) : [],
      );
      const sighting = aliases.map(async (alias) => {
        const contactId = pointers.get(`alias#${idOf(alias)}`);
        const chain = contactId === undefined ? [] : await chainFrom(contactId, known);
        const last = chain.at(-1);
        const root = last?.isForgotten ? undefined : last;
        return { kind: alias.kind, id: idOf(alias), contactId, root, chain: root ? chain : [] };
      });
      return Promise.all(sighting);
    },

    /** Throws when the contact is there already. */
    async create(contactId: string, sighting: readonly AliasSighting[]): Promise<void> {
      const Item = { pk: { S: `contact#${contactId}` }, aliases: { SS: ids(sighting) } };
      const put = { TableName: table, Item, ConditionExpression: "attribute_not_exists(pk)" };
      if (!(await whetherDone(client.send(new PutItemCommand(put)))))
        throw new Error("a contact id was used before");
    },

    /** Deletes a contact that another was quicker than. */
    discard: (contactId: string) =>
      client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: `contact#${contactId}` } } })),

    link: (from: string, to: string) =>
      update(from, {
        UpdateExpression: "SET mergedInto = :to",
        ConditionExpression: "attribute_not_exists(mergedInto) AND attribute_not_exists(isForgotten)",
        ExpressionAttributeValues: { ":to": { S: to } },
      }),

    gain: (contactId: string, gains: Gains) => {
      const added = Object.entries(gains).filter(([, values]) => values.length > 0);
      return update(contactId, {
        UpdateExpression: `ADD ${added.map(([name]) => `${name} :${name}`).join(", ")}`,
        ExpressionAttributeValues: Object.fromEntries(
          added.map(([name, values]) => [`:${name}`, { SS: [...new Set(values)] }]),
        ),
      });
    },

    /** Points an alias to a contact, unless it points elsewhere than it was seen to. */
    claim: ({ id, contactId: seen }: AliasSighting, contactId: string) =>
      whetherDone(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: { pk: { S: `alias#${id}` }, contactId: { S: contactId } },
            ...(seen === undefined
              ? { ConditionExpression: "attribute_not_exists(pk)" }
              : {
                  ConditionExpression: "contactId = :seen",
                  ExpressionAttributeValues: { ":seen": { S: seen } },
                }),
          }),
        ),
      ),

    /** Marks the contact, deletes the aliases that still are its own, and forgets which they were. */
    async forget(root: ContactItem, chain: readonly ContactItem[]): Promise<void> {
      await update(root.contactId, {
        UpdateExpression: "SET isForgotten = :yes",
        ExpressionAttributeValues: { ":yes": { BOOL: true } },
      });
      const parts = [root, ...chain, ...(root.absorbed.size > 0 ? await contacts(root.absorbed) : [])];
      const person = new Set(parts.map(({ contactId }) => contactId));
      for (const id of new Set(parts.flatMap((part) => [...part.aliases]))) {
        const holder = (await read(`alias#${id}`))?.["contactId"]?.S;
        if (holder === undefined || !person.has(holder)) continue;
        const condition = {
          ConditionExpression: "contactId = :holder",
          ExpressionAttributeValues: { ":holder": { S: holder } },
        };
        const Key = { pk: { S: `alias#${id}` } };
        await whetherDone(client.send(new DeleteItemCommand({ TableName: table, Key, ...condition })));
      }
      for (const id of person) await update(id, { UpdateExpression: "REMOVE aliases" });
    },
  };
};

const idOf = ({ kind, hash }: Alias): string => `${kind}#${hash}`;

const ids = (sighting: readonly AliasSighting[]): string[] => [...new Set(sighting.map(({ id }) => id))];

const contactFrom = (item: Item): ContactItem => ({
  contactId: (item["pk"]?.S ?? "").slice("contact#".length),
  mergedInto: item["mergedInto"]?.S,
  isForgotten: item["isForgotten"]?.BOOL === true,
  aliases: new Set(item["aliases"]?.SS),
  absorbed: new Set(item["absorbed"]?.SS),
  numbers: new Set(item["numbers"]?.SS),
});
