import * as z from "zod";
import type { Aws } from "../clients.ts";

/** What AWS says of something new, by the names that the stacks' program knows: `id`, `arn` and the like. */
export type Outputs = Record<string, string>;

export type Create = (inputs: unknown, aws: Aws, name: string) => Promise<Outputs>;

/** How one type is made. Throws on inputs that are not of this shape, so that none is left out unnoticed. */
export const resource =
  <Shape extends z.core.$ZodLooseShape>(
    shape: Shape,
    create: (inputs: z.output<z.ZodObject<Shape>>, aws: Aws, name: string) => Promise<Outputs>,
  ): Create =>
  (inputs, aws, name) =>
    create(z.strictObject(shape).parse(inputs), aws, name);

/** Asked for and not passed on; the line says why. */
export const ignored = z.unknown().optional();

/** What AWS answered must have it. */
export const given = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the emulator answered without ${what}`);
  return value;
};
