/** Errors as Meta reports them in webhooks, about a value, a message or a status. */
import * as z from "zod";
import type { MetaError } from "../../events/content.ts";
import { label, maybe } from "./fields.ts";
import { list } from "./json.ts";

/** Meta's prose is stored as it is, so a number that could be someone's phone is left out of it. */
const sentence = label.transform((text) => text.replace(/\d{7,}/g, "…"));

const ReportedError = z.object({
  code: z.union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
  title: maybe(sentence),
  message: maybe(sentence),
  error_data: maybe(z.object({ details: maybe(sentence) })),
});

/** The errors that have a code. */
export const readErrors = (value: unknown): MetaError[] =>
  list(value).flatMap((item) => {
    const parsed = ReportedError.safeParse(item);
    if (!parsed.success) return [];
    const { code, title, message, error_data } = parsed.data;
    return [{ code, title: title ?? message, details: error_data?.details }];
  });
