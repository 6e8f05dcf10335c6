import * as z from "zod";
import { MediaReference, MessageContent, MetaError, Referral } from "#core/events/content.ts";
import { OutboundContent } from "#core/events/conversation.ts";
import { isPii } from "#core/events/pii.ts";
import { code } from "./markdown.ts";

type Field = { name: string; type: string; optional: boolean; personal: boolean };

/** What several events hold: each is described once. */
export const shapes: readonly { name: string; schema: z.core.$ZodType }[] = [
  { name: "MessageContent", schema: MessageContent },
  { name: "OutboundContent", schema: OutboundContent },
  { name: "MediaReference", schema: MediaReference },
  { name: "MetaError", schema: MetaError },
  { name: "Referral", schema: Referral },
];

/** An object's fields; those of an object within it by their path. */
export const fieldsOf = (schema: z.core.$ZodType): Field[] =>
  schema instanceof z.ZodObject
    ? Object.entries(schema.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) =>
        expanded(name, field),
      )
    : [];

const expanded = (name: string, schema: z.core.$ZodType): Field[] => {
  const optional = schema instanceof z.ZodOptional;
  const inner = bare(schema);
  const whole = { name, type: typeOf(inner), optional, personal: isPersonal(inner) };
  if (!(inner instanceof z.ZodObject) || isShape(inner)) return [whole];
  return [whole, ...fieldsOf(inner).map((field) => ({ ...field, name: `${name}.${field.name}` }))];
};

/** What an optional, or a schema that is only made when it is needed, is about. */
const bare = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodLazy ? bare(schema.unwrap()) : schema;

const isShape = (schema: z.core.$ZodType): boolean => shapes.some((shape) => shape.schema === schema);

const typeOf = (schema: z.core.$ZodType): string => {
  const shape = shapes.find((known) => known.schema === schema);
  if (shape) return `[${shape.name}](#${shape.name.toLowerCase()})`;
  if (schema instanceof z.ZodISODateTime) return "instant";
  if (schema instanceof z.ZodString) return "string";
  if (schema instanceof z.ZodNumberFormat) return "integer";
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodLiteral) return code(String(schema.value));
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => code(String(option))).join(", ");
  if (schema instanceof z.ZodArray) return `list of ${typeOf(bare(schema.element))}`;
  if (schema instanceof z.ZodRecord) return `map to ${typeOf(schema.valueType)}`;
  if (schema instanceof z.ZodUnion) return schema.options.map(typeOf).join(" or ");
  if (schema instanceof z.ZodObject) return "object";
  throw new Error(`scripts/generate/schema-fields.ts has no words for a ${schema.constructor.name}`);
};

/** Whether the string itself is personal; shapes and objects mark their own fields. */
const isPersonal = (schema: z.core.$ZodType): boolean =>
  isPii(schema) || (schema instanceof z.ZodArray && isPersonal(schema.element));
