/** What the items of one webhook value have in common, and what their facts do. */
import { id } from "./fields.ts";
import { rawText, without, type Json } from "./json.ts";
import { fromFields, toFields, type People } from "./sender.ts";
import type { Ids, Kept, Place, Sender, Update } from "./update.ts";

/** Whose words an item holds. */
export type Author = "customer" | "business";

export type Context = {
  ids: Ids;
  place: Place & { field: string };
  /** Live; heard while Meta's own agent answers; or from before the number was connected. */
  mode: "live" | "standby" | "history";
  people: People;
};

/** An item that has no id, no sender or no shape. */
export const malformed = (
  { ids, place }: Pick<Context, "ids" | "place">,
  item: unknown,
  sender?: Sender,
): Update => ({
  ...place,
  kind: "malformed",
  ...kept(ids, item, item, sender),
});

/** An update that is in no conversation. The same `identity` at the same place is the same update. */
export const accountUpdate = (
  { ids, place }: Pick<Context, "ids" | "place">,
  raw: unknown,
  identity: unknown,
  sender?: Sender,
): Update => ({ ...place, kind: "account", ...kept(ids, raw, { ...place, identity }, sender) });

const kept = (ids: Ids, raw: unknown, identity: unknown, sender: Sender | undefined): Kept => ({
  digest: ids.digest(identity),
  sender,
  raw: rawText(raw),
});

export const wamidOf = (item: Json): string | undefined => id.safeParse(item.id).data;

/** In synced history this announces a file that comes later, under the same id. */
const PLACEHOLDER = "media_placeholder";

/** Whose fact it is: the id by which a redelivery is known, and the digest that tells it from anything else. */
export const identity = (
  item: Json,
  wamid: string,
  { ids }: Context,
): { messageId: string; digest: string } => ({
  messageId: ids.messageId(item.type === PLACEHOLDER ? `${wamid}#${PLACEHOLDER}` : wamid),
  digest: ids.digest(item),
});

const READ = [
  "id",
  "timestamp",
  "type",
  "message_creation_type",
  ...Object.values(fromFields),
  ...Object.values(toFields),
];

/** The JSON of what was not read: fields of the item beside these, and `rest` of those that were. */
export const unknownFields = (
  item: Json,
  read: readonly string[],
  rest: Json | undefined,
): string | undefined => {
  const unread = { ...without(item, new Set([...READ, ...read])), ...rest };
  return Object.keys(unread).length > 0 ? rawText(unread) : undefined;
};

/** A field with what is left of it, or nothing. */
export const restOf = (name: string, rest: unknown): Json | undefined =>
  rest === undefined ? undefined : { [name]: rest };

/** The type of an item, or "" when it has none. */
export const typeOf = (item: Json): string => (typeof item.type === "string" ? item.type : "");
