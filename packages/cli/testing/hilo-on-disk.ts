/** A Hilo in this process, on files of its own, and the real `hilo` beside it in processes of theirs. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { readConfig } from "#core/config.ts";
import { startHilo } from "#local/hilo.ts";
import { openStores, type Stores } from "#local/stores.ts";

export type Ran = { code: number | null; stdout: string; stderr: string };

const program = fileURLToPath(new URL("../main.ts", import.meta.url));
const flags = ["--disable-warning=ExperimentalWarning", "--disable-proto=throw"];

/** Runs `hilo` with no other environment than this. */
export const runHilo = async (env: Record<string, string>, ...args: string[]): Promise<Ran> => {
  const child = spawn(process.execPath, [...flags, program, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
};

export type HiloOnDisk = Awaited<ReturnType<typeof hiloOnDisk>>;

export const hiloOnDisk = async (more: Record<string, string> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "hilo-cli-"));
  const dataDir = join(folder, "data");
  const settings = { HILO_DATA_DIR: dataDir, HILO_QUIET_MS: "0", ...more };
  const running = await startHilo(readConfig({ ...settings, HILO_PORT: "0" }), () => {});
  const env = { ...settings, HILO_PORT: new URL(running.url).port };
  return {
    dataDir,
    env,
    stop: () => running.stop(),
    run: (...args: string[]): Promise<Ran> => runHilo(env, ...args),
    async withStores<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
      const stores = openStores(dataDir);
      return work(stores).finally(() => stores.close());
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** What `--json` printed: one value a line. */
export const linesOf = ({ stdout }: Ran): Record<string, unknown>[] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
