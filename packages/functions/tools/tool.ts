/** A tool is a schema, a policy and a handler. What it does to whom is never up to its arguments. */
import * as z from "zod";
import type { ToolOffer } from "#core/clients/model.ts";
import type { ToolPolicy } from "#core/domain/tools.ts";

/** Whose conversation it is, as the business knows them: from the conversation, never from what was said. */
export type ToolScope = { phone?: string; userId?: string };

export type ToolRun = { scope: ToolScope; timeoutMs: number };

export type Tool = {
  policy: ToolPolicy;
  offer: ToolOffer;
  /** What may be run with these arguments; undefined when they don't fit the schema. */
  prepare(given: unknown): { run(context: ToolRun): Promise<unknown> } | undefined;
};

/** A tool that always needs a person has no `run`. */
export const tool = <Schema extends z.ZodType>({
  policy,
  description,
  schema,
  run,
}: {
  policy: ToolPolicy;
  description: string;
  schema: Schema;
  run?: (given: z.output<Schema>, context: ToolRun) => Promise<unknown>;
}): Tool => ({
  policy,
  offer: { name: policy.name, description, parameters: z.toJSONSchema(schema) },
  prepare(given) {
    const parsed = schema.safeParse(given);
    if (!parsed.success) return undefined;
    return {
      async run(context) {
        if (!run) throw new Error("a tool that needs a person was run");
        return run(parsed.data, context);
      },
    };
  },
});
