/** One DynamoDB-compatible server in a process of its own, for all works that want one. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

export type Server = { endpoint: string; name: string; stop: () => void };

/**
 * dynalite: of the servers that were tried it distorts least, as its speed stays the same from the first request to the
 * last (DynamoDB Local is still compiling itself after thousands of them). It has no transactions.
 */
export const startServer = async (): Promise<Server> => {
  const child: ChildProcess = fork(`${import.meta.dirname}/server-process.ts`, {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [port] = (await once(child, "message")) as [number];
  const { version } = createRequire(import.meta.url)("dynalite/package.json") as { version: string };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    name: `dynalite ${version} in a process of its own`,
    stop: () => void child.kill("SIGKILL"),
  };
};
