/** Evaluates the stacks for a stage, as `sst deploy` would, without an account. */
import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { readGraph, type Graph } from "./graph.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Text of one of our files to be evaluated as if it were another: a slip that somebody might make. */
export type Slip = { file: string; from: string; to: string };

/** As `sst` hands secrets to the app. */
export const secretEnvironment = Object.fromEntries(
  ["AppSecret", "VerifyToken", "GraphToken", "ApiKeys", "PseudonymSecret", "DatadogApiKey"].map((name) => [
    `SST_SECRET_${name}`,
    `secret-of-${name}-which-is-long-enough`,
  ]),
);

/** Lays out what the stacks are written with, where it isn't yet. To be called before the first evaluation. */
export const layOutPlatform = (): void => {
  const script = path.join(root, "scripts/sst-platform.mjs");
  if (spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] }).status !== 0)
    throw new Error("SST's platform could not be laid out; the reasons stand above");
};

/** Where the graph of this evaluation lies. Settings may be secrets too. Throws what the stacks threw. */
export const synth = async (
  stage: string,
  folder: string,
  { slip, settings = {} }: { slip?: Slip; settings?: Record<string, string> } = {},
): Promise<string> => {
  const workDir = path.join(root, ".sst/synth", folder);
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "synth/main.mjs"), stage, workDir], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      ...secretEnvironment,
      ...settings,
      ...(slip && { HILO_SYNTH_SLIP: JSON.stringify(slip) }),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  const code = await new Promise((resolve) => void child.on("close", resolve));
  if (code !== 0) throw new Error(`the stacks can't be evaluated for ${stage}:\n${errors}`);
  return path.join(workDir, "graph.json");
};

export const synthGraph = async (...args: Parameters<typeof synth>): Promise<Graph> =>
  readGraph(await synth(...args));
