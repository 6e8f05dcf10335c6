/** Hilo as a process of its own, on a data directory of its own, for tests that kill it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export type HiloProcess = {
  url: string;
  /** Everything it has printed. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
};

const main = new URL("../../packages/local/main.ts", import.meta.url).pathname;

/** Resolves once it listens. */
export const startHiloProcess = async (
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<HiloProcess> => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
    env: { ...process.env, HILO_DATA_DIR: dataDir, HILO_PORT: "0", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    url: await urlOf(child, () => output),
    output: () => output,
    async kill(signal) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
};

const urlOf = async (child: ChildProcess, output: () => string): Promise<string> => {
  for (;;) {
    const [, url] = /Webhook\s+(http\S+)\/webhook/.exec(output()) ?? [];
    if (url) return url;
    if (child.exitCode !== null) throw new Error(`Hilo did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
