// Stands in for the server of the `sst` program that its components call: it builds the Lambdas, truly.

import { createCipheriv } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "../../..");

/** What is built, by the function's name, is told to `built`. */
export async function startRpc({ workDir, built }) {
  const methods = {
    "Provider.Aws.Bootstrap": () => ({
      asset: "sst-asset-bucket",
      assetEcrRegistryId: "000000000000",
      assetEcrUrl: "registry.invalid/sst-asset",
      state: "sst-state-bucket",
    }),
    "Runtime.Build": (input) => buildFunction(input, workDir, built),
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", async () => {
      const answer = await reply(methods, JSON.parse(body));
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

async function reply(methods, { method, params }) {
  try {
    if (!methods[method]) return { error: `nothing stands in for ${method}` };
    return { result: await methods[method](params[0]) };
  } catch (error) {
    return { error: String(error.stack ?? error) };
  }
}

/** As SST's Go program builds for Node: its options of esbuild, and the encrypted links beside the code. */
async function buildFunction({ functionID, handler, encryptionKey, links, properties }, workDir, built) {
  const [, file, exported] = /^(.*)\.([^.]+)$/.exec(handler);
  const out = path.join(workDir, "artifacts", `${functionID}-src`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const { metafile, errors } = await build({
    absWorkingDir: root,
    entryPoints: [`${file}.ts`],
    ...(properties?.splitting
      ? { splitting: true, outdir: out, outExtension: { ".js": ".mjs" }, entryNames: "bundle" }
      : { outfile: path.join(out, "bundle.mjs") }),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    // whatever its documentation says of a default
    minify: properties?.minify ?? false,
    keepNames: true,
    metafile: true,
    logLevel: "silent",
    ...properties?.esbuild,
    external: ["sharp", "pg-native", ...(properties?.esbuild?.external ?? [])],
    banner: {
      js: [
        'import { createRequire as topLevelCreateRequire } from "module";',
        "const require = topLevelCreateRequire(import.meta.url);",
        'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url";',
        "const __filename = topLevelFileUrlToPath(import.meta.url);",
        'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));',
      ].join("\n"),
    },
  }).catch((error) => ({ metafile: undefined, errors: error.errors ?? [{ text: String(error) }] }));
  if (metafile) {
    const key = Buffer.from(encryptionKey, "base64");
    const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12, 0));
    const sealed = [cipher.update(JSON.stringify(links)), cipher.final()];
    writeFileSync(path.join(out, "resource.enc"), Buffer.concat([...sealed, cipher.getAuthTag()]));
    const code = path.join(out, "bundle.mjs");
    const outputs = Object.keys(metafile.outputs).map((output) => path.join(root, output));
    const bytes = outputs.reduce((sum, output) => sum + readFileSync(output).length, 0);
    built(functionID, { out, code, outputs, bytes, inputs: Object.keys(metafile.inputs) });
  }
  return { handler: `bundle.${exported}`, out, errors: errors.map(describe), sourcemaps: [] };
}

function describe({ text, location }) {
  return location ? `${text} ${location.file}:${location.line}:${location.column}` : text;
}
