/**
 * An event's data whose personal strings are opened when somebody first reads them. Most reads need few of them,
 * and opening one costs more than parsing and validating the whole event.
 */
import * as z from "zod";
import { isPii } from "../events/pii.ts";
import { SEALED } from "./personal-data.ts";

type Open = (sealed: string) => string;
type Opener = (value: unknown, open: Open) => unknown;
type Fields = Record<string, unknown>;

/**
 * The value with its sealed strings opened on first reading: to whoever reads, copies or compares it, an ordinary
 * one, though frozen where it holds such strings. It must be a fresh one: it is changed.
 */
export const openWhenRead = (schema: z.core.$ZodType, value: unknown, open: Open): unknown =>
  openerOf(schema)?.(value, open) ?? value;

const openers = new WeakMap<z.core.$ZodType, Opener | undefined>();

/** Undefined where nothing personal can be. */
const openerOf = (schema: z.core.$ZodType): Opener | undefined => {
  const known = openers.get(schema);
  if (known || openers.has(schema)) return known;
  const made = makeOpener(schema);
  openers.set(schema, made);
  return made;
};

const makeOpener = (schema: z.core.$ZodType): Opener | undefined => {
  if (isPii(schema)) return (value, open) => (isSealed(value) ? open(value.slice(SEALED.length)) : value);
  if (schema instanceof z.ZodOptional) return openerOf(schema.unwrap());
  if (schema instanceof z.ZodArray) {
    const element = openerOf(schema.element);
    return element && ((value, open) => (value as unknown[] | undefined)?.map((item) => element(item, open)));
  }
  if (schema instanceof z.ZodObject) return objectOpener(schema);
  if (schema instanceof z.ZodDiscriminatedUnion) return unionOpener(schema);
  return undefined;
};

const objectOpener = (schema: z.ZodObject): Opener | undefined => {
  const shape: Record<string, z.core.$ZodType> = schema.shape;
  const fields = Object.entries(shape);
  const lazy = fields
    .filter(([, field]) => isPersonal(field))
    .map(([name]) => [name, accessor(name)] as const);
  const nested = fields.flatMap(([name, field]) => {
    const opener = isPersonal(field) ? undefined : openerOf(field);
    return opener ? [[name, opener] as const] : [];
  });
  if (lazy.length + nested.length === 0) return undefined;
  return (value, open) => {
    const object = value as Fields | undefined;
    if (object === undefined) return undefined;
    for (const [name, opener] of nested) {
      const inner = object[name];
      if (inner !== undefined) object[name] = opener(inner, open);
    }
    return makeLazy(object, lazy, open);
  };
};

const unionOpener = (schema: z.ZodDiscriminatedUnion): Opener | undefined => {
  const { discriminator } = schema.def;
  const byLiteral = new Map<unknown, Opener>(
    schema.options.flatMap((option) => {
      const literal = ((option as z.ZodObject).shape as Record<string, z.core.$ZodType>)[discriminator];
      const opener = openerOf(option);
      return opener && literal instanceof z.ZodLiteral ? [[literal.value, opener] as const] : [];
    }),
  );
  if (byLiteral.size === 0) return undefined;
  return (value, open) => byLiteral.get((value as Fields)[discriminator])?.(value, open) ?? value;
};

const isPersonal = (field: z.core.$ZodType): boolean =>
  isPii(field) || (field instanceof z.ZodOptional && isPii(field.unwrap()));

const isSealed = (value: unknown): value is string => typeof value === "string" && value.startsWith(SEALED);

/** What an object keeps of its sealed strings, where nobody looks. */
const hidden = Symbol("sealed");
type Hidden = { open: Open; sealed: Record<string, string>; opened?: Record<string, string> };

const makeLazy = (
  object: Fields,
  lazy: readonly (readonly [string, PropertyDescriptor])[],
  open: Open,
): Fields => {
  let kept: Hidden | undefined;
  for (const [name, descriptor] of lazy) {
    const value = object[name];
    if (!isSealed(value)) continue;
    kept ??= hide(object, open);
    kept.sealed[name] = value;
    Object.defineProperty(object, name, descriptor);
  }
  // frozen, so that freezing deeply, as immer does, stops here and opens nothing
  return kept ? Object.freeze(object) : object;
};

const hide = (object: Fields, open: Open): Hidden => {
  const kept: Hidden = { open, sealed: {} };
  Object.defineProperty(object, hidden, { value: kept });
  return kept;
};

/** One getter per name, shared by all objects: they keep one shape, and so stay quick. */
const accessor = (name: string): PropertyDescriptor => ({
  enumerable: true,
  get(this: { [hidden]: Hidden }) {
    const kept = this[hidden];
    kept.opened ??= {};
    return (kept.opened[name] ??= kept.open((kept.sealed[name] ?? "").slice(SEALED.length)));
  },
});
