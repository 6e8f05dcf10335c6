/** The keys of every DynamoDB table, as plain data: `stacks/` makes the real ones of it, `dynamo-tables.ts` those of tests. */

type KeyType = "string" | "number" | "binary";

export type TableSchema = {
  fields: Record<string, KeyType>;
  primaryIndex: { hashKey: string; rangeKey?: string };
  /** They project keys only. */
  globalIndexes?: Record<string, { hashKey: string; rangeKey: string; projection: "keys-only" }>;
  /** New images: the stream of commits is the outbox (D5). */
  stream?: "new-image";
  /** The attribute that says when an item is forgotten, in seconds since the epoch. */
  ttl?: string;
};

/** The index of `views` that lists are read from. */
export const viewListIndex = "lists";

export const tableSchemas = {
  events: {
    fields: { pk: "string", sk: "number" },
    primaryIndex: { hashKey: "pk", rangeKey: "sk" },
    stream: "new-image",
  },
  snapshots: { fields: { pk: "string" }, primaryIndex: { hashKey: "pk" } },
  views: {
    fields: { pk: "string", sk: "string", inList: "string", place: "binary" },
    primaryIndex: { hashKey: "pk", rangeKey: "sk" },
    globalIndexes: { [viewListIndex]: { hashKey: "inList", rangeKey: "place", projection: "keys-only" } },
  },
  identities: { fields: { pk: "string" }, primaryIndex: { hashKey: "pk" } },
  keys: { fields: { pk: "string" }, primaryIndex: { hashKey: "pk" } },
  /** Rates and open circuits: what expires says nothing any more. */
  limits: { fields: { pk: "string" }, primaryIndex: { hashKey: "pk" }, ttl: "expiresAt" },
} as const satisfies Record<string, TableSchema>;

export type TableName = keyof typeof tableSchemas;
