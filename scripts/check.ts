// The one gate: `npm run check`. Each step is an npm script, so that each can be run alone.
//
//   npm run check                 everything
//   npm run check -- --no-tests   without the tests, where they have run already

import { spawn } from "node:child_process";

type Result = { step: string; passed: boolean; seconds: number; output: string };

/** The longest first, since two run at a time. */
const STEPS = ["test", "lint", "types", "arrows", "generate:check", "unused", "format:check"];
const AT_ONCE = 2;

/** What types and lint both look at, once before the two. */
const { passed, output } = await run("platform");
if (!passed) throw new Error(output);

const waiting = STEPS.filter((step) => step !== "test" || !process.argv.includes("--no-tests"));
const results: Result[] = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));

const failed = results.filter(({ passed }) => !passed).map(({ step }) => step);
if (failed.length > 0) {
  console.log(`\nFailed: ${failed.map((step) => `npm run ${step}`).join(", ")}`);
  process.exitCode = 1;
}

async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const result = await run(step);
    results.push(result);
    show(result);
  }
}

function run(step: string): Promise<Result> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    // A shell, because npm is a script on Windows.
    const child = spawn(`npm run --silent ${step}`, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - startedAt) / 1000;
      resolve({ step, passed: code === 0, seconds, output });
    });
  });
}

function show({ step, passed, seconds, output }: Result): void {
  console.log(`${passed ? "✓" : "✗"} ${step.padEnd(14)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!passed) console.log(output.trimEnd().replace(/^/gm, "  "));
}
