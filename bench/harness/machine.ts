/** What the figures were measured on and with. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";

export type Machine = Record<string, string>;

const root = new URL("../../", import.meta.url);
const require = createRequire(import.meta.url);

export const describeMachine = (server: string): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  commit: commit(),
  machine: `${os.cpus().length} × ${os.cpus()[0]?.model ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()} ${os.arch()}`,
  "load before": os
    .loadavg()
    .map((load) => load.toFixed(1))
    .join(" "),
  Node: `${process.version}, SQLite ${process.versions["sqlite"] ?? "?"}`,
  "DynamoDB-compatible server": server,
  Hilo: versions(new URL("package.json", root), ["@aws-sdk/client-dynamodb", "immer", "zod"]),
  peers: versions(new URL("bench/package.json", root)),
});

const commit = (): string => {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const dirty = git("status", "--porcelain", "--", "packages", "bench").length > 0;
    return git("rev-parse", "--short", "HEAD") + (dirty ? " with changes" : "");
  } catch {
    return "unknown";
  }
};

const versions = (file: URL, names?: readonly string[]): string => {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    Record<string, string>
  >;
  const wanted = names ?? Object.keys({ ...dependencies, ...optionalDependencies });
  return wanted.map((name) => `${name} ${installed(name) ?? "(missing)"}`).join(", ");
};

const installed = (name: string): string | undefined => {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")) as { version: string })
        .version;
    } catch {
      continue;
    }
  }
  return undefined;
};
