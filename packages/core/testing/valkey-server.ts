/** A real server that speaks Valkey's protocol, where this machine has one. Linux distributions call the package `valkey-server` or `redis-server`. */
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { listen } from "./listen.ts";

const names = ["valkey-server", "redis-server"];

/** Its program, or undefined where there is none. */
export const valkeyProgram = (): string | undefined =>
  names.find((name) => spawnSync(name, ["--version"]).status === 0);

export type ValkeyServer = { url: string; port: number; stop: () => Promise<void> };

/** Empty, and nothing of it is written to disk. */
export const startValkey = async (program: string, at?: number): Promise<ValkeyServer> => {
  const port = at ?? (await freePort());
  const server = spawn(
    program,
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = `redis://127.0.0.1:${port}`;
  await answering(url);
  return {
    url,
    port,
    stop: async () => {
      server.kill("SIGKILL");
      await ended;
    },
  };
};

const answering = async (url: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => {});
    const answer = await client
      .connect()
      .then(() => client.ping())
      .catch((error: unknown) => error);
    client.disconnect();
    if (answer === "PONG") return;
    if (attempt === 100) throw new Error("the server does not answer", { cause: answer });
    await sleep(50);
  }
};

const freePort = async (): Promise<number> => {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((closed) => probe.close(closed));
  return port;
};
