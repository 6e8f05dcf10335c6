/** Schemas of single fields, as lenient as can be: what they refuse is kept as an unknown message. */
import * as z from "zod";
import { cut, isRecord, textMax } from "./json.ts";

/** Somebody's words, cut where nobody writes any more. */
export const prose = z.string().transform((text) => cut(text, textMax));

/**
 * A short technical text, which is stored as it is. Customers choose some of these (a file's type), so
 * none may begin like an encrypted one of ours.
 */
export const label = z
  .union([z.string(), z.int()])
  .transform((text) => cut(String(text), 1_024).replace(/^sealed:/, "sealed "));

/** An id. Never cut, since that could make one of two; and a number only where it is exact (F34). */
export const id = z.union([z.string().min(1).max(1_024), z.int().transform(String)]);

/** A number, or one written as a text. */
export const quantity = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,15}(?:\.\d{1,15})?$/)
    .transform(Number),
]);

/** Absent, null and empty are the same. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === null || value === "" ? undefined : value), schema.optional()).optional();

/** What the schema does not know of a value, at any depth of objects; undefined when it knows all. */
export const leftover = (schema: z.core.$ZodType, value: unknown): unknown => {
  const shape = shapeOf(schema);
  if (!shape || !isRecord(value)) return undefined;
  const rest = Object.entries(value)
    .map(([name, field]) => [name, leftoverOf(shape.get(name), field)])
    .filter(([, field]) => field !== undefined);
  return rest.length > 0 ? Object.fromEntries(rest) : undefined;
};

const leftoverOf = (schema: z.core.$ZodType | undefined, value: unknown): unknown =>
  schema ? leftover(schema, value) : value;

const shapeOf = (schema: z.core.$ZodType): ReadonlyMap<string, z.core.$ZodType> | undefined => {
  if (schema instanceof z.ZodObject) return new Map(Object.entries<z.core.$ZodType>(schema.shape));
  if (schema instanceof z.ZodOptional) return shapeOf(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return shapeOf(schema.def.out);
  return undefined;
};
