/** The rehearsal as its user runs it: another process. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export type Ran = { code: number | null; stdout: string; stderr: string };

export const sim = async (args: readonly string[], mutation?: string): Promise<Ran> => {
  const flags = ["--disable-warning=ExperimentalWarning"];
  if (mutation !== undefined) flags.push("--import", "./tests/rehearsal/mutate.ts");
  const child = spawn(process.execPath, [...flags, "tests/rehearsal/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, HILO_MUTATION: mutation },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
};

export type Report = {
  seeds: number;
  missing: string[];
  failure?: { seed: number; invariant: string; message: string };
};

export const report = ({ stdout, stderr }: Ran): Report => {
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Report;
};
