// One evaluation of the app, in a process of its own because Pulumi's state is global:
//
//   node tests/infra/synth/main.mjs <stage> <folder>     writes <folder>/graph.json

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundleProgram, readApp } from "./bundle.mjs";
import { evaluate } from "./engine.mjs";
import { startRpc } from "./rpc.mjs";

const [stage, folder] = process.argv.slice(2);
const workDir = path.resolve(folder);
const platform = path.resolve(import.meta.dirname, "../../../.sst/platform");
rmSync(workDir, { recursive: true, force: true });
mkdirSync(workDir, { recursive: true });
const main = path.join(platform, `sst.config.${path.basename(workDir)}.mjs`);
const bundles = {};
const rpc = await startRpc({ workDir, built: (name, bundle) => (bundles[name] = bundle) });
try {
  process.env.SST_SERVER = rpc.url;
  const app = await readApp(stage, workDir);
  await bundleProgram({ app, workDir, outfile: main });
  const resources = await evaluate({ main, appName: app.name, stage });
  writeFileSync(path.join(workDir, "graph.json"), JSON.stringify({ app, resources, bundles }, undefined, 1));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(main, { force: true });
}
// What Pulumi leaves running, and what a failure leaves pending, shall not keep us.
process.exit();
