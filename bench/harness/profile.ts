/** What a CPU profile says, summed up by where the code comes from. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type Share = { name: string; percent: number };

type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
};

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The greatest shares of the profile that Node left in a folder; waiting is not counted. */
export const readProfile = (folder: string, most = 8): Share[] => {
  const file = readdirSync(folder).find((name) => name.endsWith(".cpuprofile"));
  return file === undefined
    ? []
    : shares(JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile, most);
};

export const shares = ({ nodes, samples, timeDeltas }: CpuProfile, most: number): Share[] => {
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame)]));
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const owner = owners.get(id);
    if (owner !== undefined) spent.set(owner, (spent.get(owner) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  }
  const total = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return [...spent]
    .map(([name, time]) => ({ name, percent: (time / total) * 100 }))
    .toSorted((a, b) => b.percent - a.percent)
    .slice(0, most)
    .filter(({ percent }) => percent >= 1);
};

/** A package, a file of ours, a part of Node; undefined for waiting. */
const ownerOf = ({ functionName, url }: { functionName: string; url: string }): string | undefined => {
  if (functionName === "(idle)" || functionName === "(root)") return undefined;
  if (functionName === "(garbage collector)") return "garbage collection";
  if (functionName === "(program)") return "native code";
  const [, packaged] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url) ?? [];
  if (packaged !== undefined) return packaged.replace(/^@(aws-sdk|smithy|aws-crypto)\/.*/, "the AWS SDK");
  if (url.startsWith("node:")) return url.replace(/^node:(internal\/)?([a-z_]+).*/, "node:$2");
  const [, ours] = url.split(root.replaceAll("\\", "/"));
  return ours ?? (url === "" ? `${functionName || "anonymous"} (native)` : "elsewhere");
};
