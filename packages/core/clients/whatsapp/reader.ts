/** How a payload is read: by a schema that knows some of its fields, while the others are kept. */
import type { z } from "zod";
import type { MessageContent } from "../../events/content.ts";
import { restOf } from "./context.ts";
import { leftover } from "./fields.ts";
import type { Json } from "./json.ts";

/** The content, and what the payload says beyond it. */
export type Reading = { content: MessageContent; rest: Json | undefined };
/** Undefined when the payload has another shape. */
export type Reader = (message: Json) => Reading | undefined;

/** Reads `message[key]` with a schema. */
export const read =
  <Schema extends z.ZodObject>(
    key: string,
    schema: Schema,
    content: (payload: z.output<Schema>) => MessageContent,
  ): Reader =>
  (message) => {
    const payload = schema.safeParse(message[key]);
    return payload.success
      ? { content: content(payload.data), rest: restOf(key, leftover(schema, message[key])) }
      : undefined;
  };
