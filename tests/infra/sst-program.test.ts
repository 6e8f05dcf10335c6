/** The `sst` program itself evaluates the app, and declares what `synth/` says that it does. */
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import * as z from "zod";
import { startFakeAws } from "./fake-aws.ts";
import { readGraph } from "./graph.ts";
import { secretEnvironment } from "./synth.ts";

const root = path.resolve(import.meta.dirname, "../..");
const home = mkdtempSync(path.join(tmpdir(), "hilo-sst-"));
const out = path.join(home, "resources.json");
let fakeAws: Awaited<ReturnType<typeof startFakeAws>>;

beforeAll(async () => {
  fakeAws = await startFakeAws();
  mkdirSync(path.join(home, "sst/bin"), { recursive: true });
  symlinkSync(path.join(import.meta.dirname, "synth/pulumi.mjs"), path.join(home, "sst/bin/pulumi"));
});
afterAll(() => {
  fakeAws.stop();
  rmSync(home, { recursive: true });
});

const sst = async (...args: string[]): Promise<{ code: unknown; output: string }> => {
  const child = spawn(process.execPath, ["node_modules/sst/bin/sst.mjs", ...args], {
    cwd: root,
    env: {
      PATH: [path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter),
      HOME: home,
      XDG_CONFIG_HOME: home,
      AWS_ENDPOINT_URL: fakeAws.url,
      AWS_ACCESS_KEY_ID: "nobody",
      AWS_SECRET_ACCESS_KEY: "nothing",
      AWS_REGION: "us-east-1",
      SST_SKIP_DEPENDENCY_CHECK: "1",
      SST_TELEMETRY_DISABLED: "1",
      SST_BUN_PATH: "/bin/true",
      HILO_SYNTH_OUT: out,
      ...secretEnvironment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise((resolve) => void child.on("close", resolve));
  const output = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, output: output.join("\n") };
};

const Declared = z.array(z.object({ type: z.string(), name: z.string() }));
const names = (resources: z.infer<typeof Declared>): string[] =>
  resources.map(({ type, name }) => `${type} ${name}`).toSorted();

test("sst diff declares and builds the very things that we hold to our rules", async () => {
  const { code, output } = await sst("diff", "--stage", "ana");
  expect({ code, output }).toMatchObject({ code: 0 });
  const declared = Declared.parse(JSON.parse(readFileSync(out, "utf8")));
  const personal = readGraph(inject("graphs").personal);
  expect(names(declared)).toEqual(names(personal.resources));
  for (const [name, { bytes }] of Object.entries(personal.bundles)) {
    const folder = path.join(root, `.sst/artifacts/${name}-src`);
    const built = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
    expect(built).toContain("bundle.mjs");
    const sizes = built.map((file) => statSync(path.join(folder, file)).size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total / bytes, `${name} is as large as what we measure`).toBeGreaterThan(0.98);
    expect(total / bytes, `${name} is as large as what we measure`).toBeLessThan(1.02);
  }
});
