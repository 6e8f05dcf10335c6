/**
 * Which version of each event's schema this program writes, and how older ones become it. To change a
 * schema incompatibly: raise its version here, add the upcaster from the one before, keep the golden file.
 */
import { HiloEvent } from "./envelope.ts";

export type Stored = { type: string; schemaVersion: number; data: unknown };

/** Makes the data of one schema version that of the next. */
export type Upcasters = { [type: string]: { [fromVersion: number]: (data: unknown) => unknown } };

export const upcasters: Upcasters = {};

/** An event that this program is too old to read: a newer one wrote it. Nothing may skip it silently (F17). */
export class UnknownEventVersion extends Error {
  override name = "UnknownEventVersion";
}

/** Every event's schema, by type. */
export const schemas = new Map(
  HiloEvent.options.flatMap((union) =>
    union.options.map((schema) => [schema.shape.type.value as string, schema] as const),
  ),
);

/** The schema version that is written for a type: one more than its upcasters. */
export const schemaVersion = (type: string, casts: Upcasters = upcasters): number =>
  casts[type] === undefined ? 1 : Object.keys(casts[type]).length + 1;

/** The event as of today's schema. Throws `UnknownEventVersion`, or a zod error when it is corrupt. */
export const upcast = (
  { type, schemaVersion: version, data }: Stored,
  casts: Upcasters = upcasters,
): HiloEvent => {
  const schema = schemas.get(type);
  const newest = schemaVersion(type, casts);
  if (!schema || version > newest)
    throw new UnknownEventVersion(`${type} version ${version} is unknown to this program`);
  let current = data;
  for (let from = version; from < newest; from++) current = casts[type]?.[from]?.(current);
  // its type is what found the schema
  return { type, data: schema.shape.data.parse(current) } as HiloEvent;
};
