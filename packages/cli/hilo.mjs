#!/usr/bin/env node
// The `hilo` command: runs main.ts under the Node it needs, as scripts/run.mjs does for `npm start`.
process.argv.splice(2, 0, "packages/cli/main.ts");
await import("../../scripts/run.mjs");
