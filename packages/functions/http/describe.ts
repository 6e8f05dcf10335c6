/** How the routes are described, for the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import { Problem, problems, type ProblemName } from "./http.ts";

export const secured = [{ bearer: [] }];

/** A schema of core under the name that it has in the document. */
export const named = <Schema extends z.ZodType>(name: string, schema: Schema, description: string): Schema =>
  // A copy: what was made before this library was loaded lacks `openapi`.
  schema.clone().openapi(name, { description });

/** A page of a list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z
      .string()
      .optional()
      .openapi({ description: "Leads to the next page, as `cursor`. Absent on the last one." }),
  });

/** A route's 200. */
export const answer = <Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  example: z.input<Schema>,
) => ({
  description,
  headers: { "Cache-Control": constantHeader("no-store", "Keep no copy: this is personal data.") },
  content: { "application/json": { schema, example } },
});

export const problemAnswer = (...names: ProblemName[]) => ({
  description: names.map((name) => `\`${name}\`: ${problems[name].title}.`).join(" "),
  content: { "application/problem+json": { schema: Problem } },
});

const constantHeader = (value: string, description: string) => ({
  description,
  schema: { type: "string" as const, const: value },
});

/** What any route may answer besides. */
export const refusals = {
  400: problemAnswer("invalid-request", "invalid-cursor"),
  401: {
    ...problemAnswer("unauthorized"),
    headers: { "WWW-Authenticate": constantHeader("Bearer", "How to authenticate.") },
  },
  500: problemAnswer("internal-error"),
};

/** What a query about one moment of one conversation may answer besides. */
export const notThen = { 404: problemAnswer("unknown-conversation", "not-yet", "version-not-reached") };
