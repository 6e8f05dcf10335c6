// Lays out .sst/platform, SST's own components and types, which sst.config.ts and stacks/ are written against.
//
// The sources are inside the `sst` program; what they import comes from the lockfile beside this script, since `sst install`
// would take whatever is newest. It needs no account. When it is all there already, this takes no time.

import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const platform = path.join(root, ".sst/platform");
const pinned = path.join(import.meta.dirname, "sst-platform");
const marker = path.join(platform, "node_modules/.hilo-platform");
const { version } = JSON.parse(readFileSync(path.join(root, "node_modules/sst/package.json"), "utf8"));
/** Under other names here: SST writes its types beside every package.json. */
const files = { "platform.json": "package.json", "platform-lock.json": "package-lock.json" };
const hashes = Object.keys(files).map((file) => sha256(readFileSync(path.join(pinned, file))));
const wanted = [version, ...hashes].join("\n");

if (!existsSync(marker) || readFileSync(marker, "utf8") !== wanted) {
  console.error("Laying out SST's platform (once)…");
  rmSync(marker, { force: true });
  run(process.execPath, [path.join(root, "node_modules/sst/bin/sst.mjs"), "install"], root, {
    SST_SKIP_DEPENDENCY_CHECK: "1",
    SST_TELEMETRY_DISABLED: "1",
    SST_STAGE: "ci",
    // Called to install what the platform imports, floating versions and all: it shall do nothing.
    SST_BUN_PATH: ["/usr/bin/true", "/bin/true"].find(existsSync),
  });
  for (const [from, to] of Object.entries(files))
    copyFileSync(path.join(pinned, from), path.join(platform, to));
  const install = "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error";
  run(install, [], platform);
  writeFileSync(marker, wanted);
}

function run(command, args, cwd, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    // npm is a script on Windows.
    shell: args.length === 0,
    // Standard output is for whoever runs us.
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
