/** Bundles Lambda handlers as SST does, and measures what loading them costs. */
import { spawn } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions } from "esbuild";
import * as z from "zod";
import { compileKnowledge } from "#core/clients/knowledge.ts";

const root = path.resolve(import.meta.dirname, "../..");
const entries = path.join(root, "packages/functions/lambda");

/** The least that a Lambda with a table needs: what every other is compared with. */
const bareClient = `
  import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
  const client = new DynamoDBClient({});
  export const handler = (event) => client.send(event.put ? new PutItemCommand(event) : new GetItemCommand(event));
`;

/** As anyone would deploy it: minified, in one file. */
export const bare = "bare DynamoDB client";
/** The same in chunks, like ours, to tell what that alone does. */
export const bareInChunks = `${bare} in chunks`;

/** The options of SST 4.17.1 (pkg/runtime/node/build.go), minified. */
const asSst = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "esnext",
  mainFields: ["module", "main"],
  outExtension: { ".js": ".mjs" },
  entryNames: "bundle",
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

/** `bytes` and `inputs` are of what the start loads; what is imported later is in `totalBytes` alone. */
export type Bundle = {
  name: string;
  file: string;
  bytes: number;
  totalBytes: number;
  inputs: Record<string, number>;
};

/** Every handler's bundle, in chunks as `stacks/lambda.ts` has it, after those of the bare client. */
export const bundleAll = async (folder: string, env: NodeJS.ProcessEnv): Promise<Bundle[]> => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "list.mjs"), lister);
  const knowledge = await compileKnowledge(path.join(root, "knowledge"));
  await writeFile(path.join(folder, knowledgeFile), JSON.stringify(knowledge));
  const client = { stdin: { contents: bareClient, resolveDir: root } };
  const names = (await readdir(entries))
    .filter((file) => !file.includes(".test."))
    .map((file) => path.parse(file).name);
  const all: [string, BuildOptions][] = [
    [bare, client],
    [bareInChunks, { ...client, splitting: true }],
    ...names.map((name): [string, BuildOptions] => [
      name,
      { entryPoints: [path.join(entries, `${name}.ts`)], splitting: true },
    ]),
  ];
  return Promise.all(all.map(([name, entry]) => bundle(folder, name, entry, env)));
};

const knowledgeFile = "knowledge.json";

const bundle = async (
  folder: string,
  name: string,
  entry: BuildOptions,
  env: NodeJS.ProcessEnv,
): Promise<Bundle> => {
  const outdir = path.join(folder, name.replaceAll(" ", "-"));
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({ ...asSst, ...entry, outdir });
  const outputs = Object.entries(metafile?.outputs ?? {}).map(
    ([output, built]) => [path.join(root, output), built] as const,
  );
  const file = path.join(outdir, "bundle.mjs");
  const loaded = await filesLoaded(folder, file, env);
  const atStart = outputs.filter(([output]) => loaded.has(output)).map(([, built]) => built);
  const inputs = atStart.flatMap((built) =>
    Object.entries(built.inputs).map(([input, { bytesInOutput }]) => [input, bytesInOutput] as const),
  );
  return {
    name,
    file,
    bytes: atStart.reduce((sum, { bytes }) => sum + bytes, 0),
    totalBytes: outputs.reduce((sum, [, { bytes }]) => sum + bytes, 0),
    inputs: Object.fromEntries(inputs),
  };
};

const lister = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  await import(process.argv[2]);
  process.stdout.write(JSON.stringify(loaded), () => process.exit());
`;

/** The files of code that a start reads, as its settings have it. */
const filesLoaded = async (folder: string, file: string, env: NodeJS.ProcessEnv): Promise<Set<string>> => {
  const said = z.array(z.string()).parse(JSON.parse(await run(path.join(folder, "list.mjs"), file, env)));
  return new Set(said.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url)));
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

const load = async (script: string, file: string, env: NodeJS.ProcessEnv): Promise<number> =>
  Number(await run(script, file, env));

const run = async (script: string, file: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const child = spawn(process.execPath, [script, file], {
    cwd: root,
    env: { ...env, HILO_KNOWLEDGE_FILE: path.join(path.dirname(script), knowledgeFile) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise((resolve) => child.once("exit", resolve));
  const [said, code] = await Promise.all([text(child.stdout), exit]);
  if (code !== 0) throw new Error(`${path.basename(file)} does not load`);
  return said;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
