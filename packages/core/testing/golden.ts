import { readdirSync, readFileSync } from "node:fs";
import * as z from "zod";

const folder = new URL("../events/golden/", import.meta.url);

const Golden = z.object({
  type: z.string(),
  schemaVersion: z.int(),
  data: z.record(z.string(), z.unknown()),
});

/** A sample of every event shape ever released. They must parse for ever: add to them, never change one. */
export const golden = readdirSync(folder).map((file) => ({
  file,
  ...Golden.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
}));
