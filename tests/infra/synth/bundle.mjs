// Bundles sst.config.ts as the `sst` program does: the same globals, the same externals, one ES module.

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "../../..");
const platform = path.join(root, ".sst/platform");
const config = path.join(root, "sst.config.ts");

/** What `app()` in sst.config.ts says for this stage, with SST's defaults. */
export async function readApp(stage, outDir) {
  if (/^import\s/m.test(readFileSync(config, "utf8"))) {
    throw new Error("sst.config.ts has imports at its top, which SST refuses: import() them in run().");
  }
  const outfile = path.join(outDir, "app.mjs");
  await build({
    ...common,
    stdin: {
      contents: `import mod from ${JSON.stringify(config)};\nexport default mod.app;`,
      resolveDir: root,
    },
    banner: { js: "const $config = (given) => given;" },
    outfile,
    plugins: [],
  });
  const { default: app } = await import(pathToFileURL(outfile).href);
  return { removal: "retain", protect: false, stage, ...(await app({ stage })) };
}

/** The module whose import declares every resource. It lies in the platform's folder, from where it finds its imports. */
export async function bundleProgram({ app, workDir, outfile }) {
  const paths = { home: workDir, root, work: workDir, platform };
  const cli = { command: "deploy", dev: false, paths, state: { version: {} } };
  await build({
    ...common,
    stdin: {
      contents: [
        `import { run } from ${JSON.stringify(path.join(platform, "src/auto/run.ts"))};`,
        `import mod from ${JSON.stringify(config)};`,
        "export default await run(mod.run);",
      ].join("\n"),
      resolveDir: root,
    },
    banner: {
      js: [
        'import { createRequire as topLevelCreateRequire } from "node:module";',
        "const require = topLevelCreateRequire(import.meta.url);",
        'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "node:url";',
        "const __filename = topLevelFileUrlToPath(import.meta.url);",
        'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));',
      ].join("\n"),
    },
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: "false" },
    inject: [path.join(platform, "src/shim/run.js")],
    external: [...Object.keys(platformDependencies()), "@pulumi/*", "@pulumiverse/*", "@aws-sdk/*", "vite"],
    plugins: [globals],
    outfile,
  });
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "esnext",
  mainFields: ["module", "main"],
  sourcemap: "inline",
  logLevel: "silent",
};

/** The `aws` and `sst` that our files use without importing them. */
const globals = {
  name: "globals",
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?ts$/ }, ({ path: file }) => {
      if (file.includes("/node_modules/") || file.startsWith(platform)) return undefined;
      const code = slipped(path.relative(root, file), readFileSync(file, "utf8"));
      const imports = `import * as aws from "@pulumi/aws"; import * as sst from "${platform}/src/components";`;
      return { contents: `${imports}${code}`, loader: "ts" };
    });
  },
};

/** A slip that somebody might make, to see it noticed. */
function slipped(file, code) {
  const slip = JSON.parse(process.env.HILO_SYNTH_SLIP ?? "{}");
  if (slip.file !== file) return code;
  if (!code.includes(slip.from)) throw new Error(`${file} has no ${slip.from} to slip on`);
  return code.replace(slip.from, slip.to);
}

function platformDependencies() {
  return JSON.parse(readFileSync(path.join(platform, "package.json"), "utf8")).dependencies;
}
