/** Bundles Lambda handlers as SST does, and measures what loading them costs. */
import { spawn } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { build, type BuildOptions } from "esbuild";

const root = path.resolve(import.meta.dirname, "../..");
const entries = path.join(root, "packages/functions/lambda");

/** The least that a Lambda with a table needs: what every other is compared with. */
const bareClient = `
  import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
  const client = new DynamoDBClient({});
  export const handler = (event) => client.send(event.put ? new PutItemCommand(event) : new GetItemCommand(event));
`;

export const bare = "bare DynamoDB client";

/** The options of SST 4.17.1 (pkg/runtime/node/build.go). */
const asSst = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "esnext",
  mainFields: ["module", "main"],
  minify: true,
  keepNames: true,
  metafile: true,
  logLevel: "error",
  banner: {
    js: [
      'import { createRequire as topLevelCreateRequire } from "module";',
      "const require = topLevelCreateRequire(import.meta.url);",
    ].join("\n"),
  },
} satisfies BuildOptions;

export type Bundle = { name: string; file: string; bytes: number; inputs: Record<string, number> };

/** Every handler's bundle, and that of the bare client. */
export const bundleAll = async (folder: string): Promise<Bundle[]> => {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(entries))
    .filter((file) => !file.includes(".test."))
    .map((file) => path.parse(file).name);
  const handlers = names.map((name) =>
    bundle(folder, name, { entryPoints: [path.join(entries, `${name}.ts`)] }),
  );
  const baseline = bundle(folder, bare, { stdin: { contents: bareClient, resolveDir: root } });
  return Promise.all([baseline, ...handlers]);
};

const bundle = async (folder: string, name: string, entry: BuildOptions): Promise<Bundle> => {
  const file = path.join(folder, `${name.replaceAll(" ", "-")}.mjs`);
  const { metafile } = await build({ ...asSst, ...entry, outfile: file });
  const [output] = Object.values(metafile?.outputs ?? {});
  const inputs = Object.entries(output?.inputs ?? {}).map(
    ([input, { bytesInOutput }]) => [input, bytesInOutput] as const,
  );
  return { name, file, bytes: output?.bytes ?? 0, inputs: Object.fromEntries(inputs) };
};

const loader = `
  const before = process.cpuUsage();
  await import(process.argv[2]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
  process.exit();
`;

export type Loading = { ms: number; timesBare: number };

/**
 * CPU time that loading each takes, and how many times that of the bare client. Every bundle has its turn in
 * each round and is compared within it, since a busy machine changes from one round to the next; medians count.
 */
export const loading = async (
  folder: string,
  bundles: readonly Bundle[],
  { rounds, env }: { rounds: number; env: NodeJS.ProcessEnv },
): Promise<Map<string, Loading>> => {
  const script = path.join(folder, "load.mjs");
  await writeFile(script, loader);
  const taken = new Map(bundles.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++)
    for (const { name, file } of bundles) taken.get(name)?.push(await load(script, file, env));
  const ofBare = taken.get(bare) ?? [];
  return new Map(
    [...taken].map(([name, times]) => {
      const ratios = times.map((ms, round) => ms / (ofBare[round] ?? Number.NaN));
      return [name, { ms: median(times), timesBare: median(ratios) }];
    }),
  );
};

const load = async (script: string, file: string, env: NodeJS.ProcessEnv): Promise<number> => {
  const child = spawn(process.execPath, [script, file], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise((resolve) => child.once("exit", resolve));
  const [said, code] = await Promise.all([text(child.stdout), exit]);
  if (code !== 0) throw new Error(`${path.basename(file)} does not load`);
  return Number(said);
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
