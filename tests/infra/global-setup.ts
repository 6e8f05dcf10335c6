import { spawnSync } from "node:child_process";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { synth } from "./synth.ts";

declare module "vitest" {
  interface ProvidedContext {
    graphs: { personal: string; production: string };
  }
}

/** Evaluates each kind of stage once, for all tests. */
export const setup = async ({ provide }: TestProject): Promise<void> => {
  const script = path.resolve(import.meta.dirname, "../../scripts/sst-platform.mjs");
  if (spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] }).status !== 0)
    throw new Error("SST's platform could not be laid out; the reasons stand above");
  const [personal, production] = await Promise.all([
    synth("ana", "personal"),
    synth("production", "production"),
  ]);
  provide("graphs", { personal, production });
};
