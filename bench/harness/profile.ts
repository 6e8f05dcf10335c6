/** What a CPU profile says, summed up by where the code comes from. */
import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";

export type Share = { name: string; percent: number };

type CallFrame = { functionName: string; url: string };
type CpuProfile = {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
};

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Of a part of the work: where its CPU time went, and how much of the time it only waited. */
export type Profile = {
  /** By where the code comes from, as percentages of the CPU time. */
  owners: Share[];
  /** By function, its own time alone. */
  functions: Share[];
  /** For a disk, a server or its turn, in percent of the whole time. */
  waitingPercent: number;
};

/** Profiles everything from now until the answer is called. */
export const startProfile = async (): Promise<() => Promise<Profile>> => {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    const { nodes, samples = [], timeDeltas = [] } = profile;
    return summedUp({ nodes, samples, timeDeltas });
  };
};

export const summedUp = (profile: CpuProfile): Profile => {
  const whole = sumBy(profile, ({ functionName }) => (isWaiting(functionName) ? "waiting" : "working"));
  const [waiting, working] = [whole.get("waiting") ?? 0, whole.get("working") ?? 0];
  return {
    owners: greatest(sumBy(profile, ownerOf), 8),
    functions: greatest(sumBy(profile, functionOf), 5),
    waitingPercent: (waiting / (waiting + working || 1)) * 100,
  };
};

const sumBy = (
  { nodes, samples, timeDeltas }: CpuProfile,
  nameOf: (frame: CallFrame) => string | undefined,
): Map<string, number> => {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id);
    if (name !== undefined) spent.set(name, (spent.get(name) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  }
  return spent;
};

const greatest = (spent: ReadonlyMap<string, number>, most: number): Share[] => {
  const total = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return [...spent]
    .map(([name, time]) => ({ name, percent: (time / total) * 100 }))
    .toSorted((a, b) => b.percent - a.percent)
    .slice(0, most)
    .filter(({ percent }) => percent >= 1);
};

const isWaiting = (functionName: string): boolean => functionName === "(idle)" || functionName === "(root)";

const functionOf = (frame: CallFrame): string | undefined => {
  const owner = ownerOf(frame);
  return owner === undefined || frame.functionName.startsWith("(") || frame.url === ""
    ? owner
    : `\`${frame.functionName || "anonymous"}\` in ${owner}`;
};

/** A package, a file of ours, a part of Node; undefined for waiting, and for the profiler itself. */
const ownerOf = ({ functionName, url }: CallFrame): string | undefined => {
  if (isWaiting(functionName) || url === "node:inspector") return undefined;
  if (functionName === "(garbage collector)") return "garbage collection";
  if (functionName === "(program)") return "native code";
  const [, packaged] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url) ?? [];
  if (packaged !== undefined) return packaged.replace(/^@(aws-sdk|smithy|aws-crypto)\/.*/, "the AWS SDK");
  if (url.startsWith("node:")) return url.replace(/^node:(internal\/)?([a-z_]+).*/, "node:$2");
  const [, ours] = url.split(root.replaceAll("\\", "/"));
  return ours ?? (url === "" ? `${functionName || "anonymous"} (native)` : "elsewhere");
};
