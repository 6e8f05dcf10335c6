/** Finds personal data: in a value by its schema, and in a stored value by its mark. */
import * as z from "zod";
import { Unstorable } from "./unstorable.ts";
import { isPii } from "../events/pii.ts";

/** Begins every sealed string in storage. */
export const SEALED = "sealed:1:";

type Json = unknown;
type Mapper = (value: Json, seal: (plain: string) => string) => Json;

const mappers = new WeakMap<z.core.$ZodType, Mapper>();

/** The value with every string that its schema marks as personal put through `seal`. */
export const mapPersonal = (schema: z.core.$ZodType, value: Json, seal: (plain: string) => string): Json =>
  mapperOf(schema)(value, seal);

const mapperOf = (schema: z.core.$ZodType): Mapper => {
  const known = mappers.get(schema);
  if (known) return known;
  const made = makeMapper(schema);
  mappers.set(schema, made);
  return made;
};

const makeMapper = (schema: z.core.$ZodType): Mapper => {
  if (isPii(schema)) return (value, seal) => seal(String(value));
  if (schema instanceof z.ZodOptional) {
    const inner = mapperOf(schema.unwrap());
    return (value, seal) => (value === undefined ? undefined : inner(value, seal));
  }
  if (schema instanceof z.ZodArray) {
    const element = mapperOf(schema.element);
    return (value, seal) => (value as Json[]).map((item) => element(item, seal));
  }
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    const fields = Object.entries(shape).map(([name, field]) => [name, mapperOf(field)] as const);
    return (value, seal) => mapFields(value as Record<string, Json>, fields, seal);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = schema.options.map((option) => [option as z.ZodObject, mapperOf(option)] as const);
    return (value, seal) => {
      const [, map] =
        options.find(([option]) => discriminates(option, schema.def.discriminator, value)) ?? [];
      return map ? map(value, seal) : value;
    };
  }
  return plainOnly;
};

const mapFields = (
  value: Record<string, Json>,
  fields: readonly (readonly [string, Mapper])[],
  seal: (plain: string) => string,
) =>
  Object.fromEntries(
    fields.filter(([name]) => value[name] !== undefined).map(([name, map]) => [name, map(value[name], seal)]),
  );

const discriminates = (option: z.ZodObject, discriminator: string, value: Json): boolean => {
  const literal = (option.shape as Record<string, z.core.$ZodType>)[discriminator];
  return literal instanceof z.ZodLiteral && literal.value === (value as Record<string, Json>)[discriminator];
};

/** Nothing that isn't personal may look like something sealed. */
const plainOnly: Mapper = (value) => {
  if (typeof value === "string" && value.startsWith(SEALED))
    throw new Unstorable(`plain data begins with "${SEALED}"`);
  return value;
};

/** The stored value with every sealed string put through `open`. Knows no schema, so it reads any version. */
export const mapSealed = (value: Json, open: (sealed: string) => string): Json => {
  if (typeof value === "string") return value.startsWith(SEALED) ? open(value.slice(SEALED.length)) : value;
  if (Array.isArray(value)) return value.map((item) => mapSealed(item, open));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, mapSealed(field, open)]));
};
