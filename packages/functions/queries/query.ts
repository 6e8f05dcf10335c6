/** What the queries share: what they need, and the parameters that they take. */
import { z } from "@hono/zod-openapi";
import type { ProjectDeps } from "#core/store/project.ts";
import type { Cursors } from "#functions/http/cursor.ts";

export type QueryDeps = ProjectDeps & { cursors: Cursors };

export const limitMax = 200;
const limitDefault = 50;
const versionMax = 9_999_999_999;
const tokensMax = 1_000_000;
const cursorCharactersMax = 4_096;
const instantCharactersMax = 40;

/** A whole number in digits. It is documented as what it means, not as the text that it comes as. */
const wholeNumber = (least: number, most: number) => {
  const allowed = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, allowed)
    .transform(Number)
    .pipe(z.int().min(least, allowed).max(most, allowed));
};

export const Version = wholeNumber(1, versionMax).openapi({
  type: "integer",
  minimum: 1,
  maximum: versionMax,
});

export const Limit = wholeNumber(1, limitMax)
  .default(limitDefault)
  .openapi({
    type: "integer",
    minimum: 1,
    maximum: limitMax,
    default: limitDefault,
    param: { description: "How many items a page has at most." },
  });

export const Tokens = wholeNumber(1, tokensMax)
  .optional()
  .openapi({
    type: "integer",
    minimum: 1,
    maximum: tokensMax,
    param: {
      description:
        "Only what a model is shown within about so many tokens, most valuable first. Absent means all.",
    },
  });

export const Cursor = z
  .string()
  .max(cursorCharactersMax)
  .optional()
  .openapi({
    param: {
      description:
        "`next` of the page before. The other parameters, but for `limit`, must be the same again.",
    },
  });

/** A moment in a conversation: a version, or an instant. */
export const At = z
  .union(
    [
      Version.transform((version) => ({ version })),
      z.iso
        .datetime({ offset: true })
        .max(instantCharactersMax)
        .transform((instant) => ({ instantMs: Date.parse(instant) })),
    ],
    `expected a version from 1 to ${versionMax}, or an instant such as 2026-03-01T09:30:00Z`,
  )
  .optional()
  .openapi({
    type: "string",
    maxLength: instantCharactersMax,
    param: {
      description:
        "The moment to go back to: a version, or an instant (ISO 8601; encode `+` as `%2B`), which means the last event " +
        "recorded at or before it. Before the first event the answer is the problem `not-yet`; for a version beyond the " +
        "last it is `version-not-reached`.",
      examples: { version: { value: "12" }, instant: { value: "2026-03-01T09:30:00Z" } },
    },
  });
export type At = NonNullable<z.infer<typeof At>>;
