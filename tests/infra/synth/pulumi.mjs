#!/usr/bin/env node
// Stands in for the program `pulumi` where the program `sst` runs it: it evaluates the bundle that sst has made on our mocks,
// and writes what it declares to the file in HILO_SYNTH_OUT.

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { evaluate } from "./engine.mjs";

const [command, ...args] = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];

if (command === "version") console.log("v3.215.0");
if (command === "stack") initStack(args[1]);
if (command === "preview") await preview(after("--stack"), after("--event-log"));
process.exit();

/** An empty state, where Pulumi's file backend has it. */
function initStack(stack) {
  const [, app, stage] = stack.split("/");
  const backend = process.env.PULUMI_BACKEND_URL.replace("file://", "");
  const file = path.join(backend, ".pulumi/stacks", app, `${stage}.json`);
  const latest = {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "v3.215.0" },
    resources: [],
    metadata: {},
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack, latest } }));
}

async function preview(stack, eventLog) {
  const [, appName, stage] = stack.split("/");
  const [, main] = /^main: (.*)$/m.exec(readFileSync("Pulumi.yaml", "utf8"));
  const resources = await evaluate({ main, appName, stage });
  writeFileSync(process.env.HILO_SYNTH_OUT, JSON.stringify(resources));
  const summaryEvent = { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {}, PolicyPacks: {} };
  appendFileSync(eventLog, `${JSON.stringify({ sequence: 1, timestamp: 1, summaryEvent })}\n`);
}
