// Ends a CI run: adds up vitest's JSON reports, and says so in one plain line if that line is true.
//
//   node scripts/run.mjs scripts/ci-summary.ts <folder of reports> [name of a failed step]...

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});
type Report = z.infer<typeof Report>;

const [folder = ".", ...failedSteps] = process.argv.slice(2);
const files = readdirSync(folder).map((file) => path.join(folder, file));
const reports = files.map((file) => Report.parse(JSON.parse(readFileSync(file, "utf8"))));
const passed = sum((report) => report.numPassedTests);
const failed = sum((report) => report.numFailedTests + filesThatDidNotLoad(report));
const skipped = sum((report) => report.numPendingTests);

if (skipped > 0) console.log(`${skipped} tests were skipped, as said above.`);
if (failedSteps.length > 0) console.log(`Failed steps: ${failedSteps.join(", ")}`);
// "0 failed" under a step that failed would be read as good news.
if (failed > 0 || failedSteps.length === 0) console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || failedSteps.length > 0 ? 1 : 0;

/** They have no tests to count, and are failures all the same. */
function filesThatDidNotLoad({ testResults }: Report): number {
  const failures = testResults.filter(({ status }) => status === "failed");
  return failures.filter((file) => file.assertionResults.every(({ status }) => status !== "failed")).length;
}

function sum(count: (report: Report) => number): number {
  return reports.reduce((total, report) => total + count(report), 0);
}
