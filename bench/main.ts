// Hilo beside its peers and the floor that it stands on.
//
//   npm run bench                       everything, and writes docs/benchmarks.md
//   npm run bench -- append fold        these works only; the page stays as it is
//   npm run bench -- --quick            a tenth of the load, one round
//   npm run bench -- --rounds 3 --json results.json

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { judge } from "./harness/goals.ts";
import { describeMachine } from "./harness/machine.ts";
import type { Profile } from "./harness/profile.ts";
import { progressLine } from "./harness/progress.ts";
import { report, type Measured } from "./harness/report.ts";
import { runContender, runWork, type RunOptions } from "./harness/rounds.ts";
import { startServer } from "./harness/server.ts";
import { showGoals } from "./harness/terminal.ts";
import type { Work } from "./harness/work.ts";
import { works } from "./works/all.ts";

const roundsByDefault = 5;
const page = new URL("../docs/benchmarks.md", import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    json: { type: "string" },
  },
});

const unknown = positionals.filter((name) => !works.some((work) => work.name === name));
const rounds = Number(values.rounds ?? (values.quick ? 1 : roundsByDefault));
if (unknown.length > 0 || !(Number.isInteger(rounds) && rounds > 0)) {
  const list = works.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`).join("\n");
  console.error(
    `Usage: npm run bench -- [--quick] [--rounds N] [--json FILE] [work …]\n\nThere are these works:\n${list}`,
  );
  process.exit(2);
}
await bench(works.filter(({ name }) => positionals.length === 0 || positionals.includes(name)));

async function bench(chosen: readonly Work[]): Promise<void> {
  const startedAt = performance.now();
  const directory = await mkdtemp(join(tmpdir(), "hilo-bench-"));
  const server = await startServer();
  const machine = describeMachine(server.name);
  const measured: Measured[] = [];
  const show = progressLine(process.stderr);
  try {
    for (const [index, work] of chosen.entries()) {
      const options: RunOptions = {
        directory,
        endpoint: server.endpoint,
        rounds,
        quick: values.quick,
        progress: (step, done, of) =>
          show(`[${index + 1}/${chosen.length}] ${step}`, (index + done / of) / chosen.length),
      };
      const result = await runWork(work, options);
      const verdicts = judge(work, result);
      const profile = await profileOf(work, options);
      show.clear();
      measured.push({ work, result, verdicts, profile });
      console.log(showGoals(work, result, verdicts));
    }
  } finally {
    server.stop();
    await rm(directory, { recursive: true, force: true });
  }
  const minutes = (performance.now() - startedAt) / 60_000;
  const run = { machine, measured, rounds, quick: values.quick, minutes };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(run, undefined, 1)}\n`);
  if (chosen.length === works.length && !values.quick) {
    await writeFile(page, report(run));
    console.log(`\nWritten: docs/benchmarks.md (${minutes.toFixed(1)} minutes)`);
  }
  if (measured.some(({ result }) => result["hilo"]?.failed !== undefined)) process.exitCode = 1;
}

/** One more round of Hilo's, unmeasured, under the profiler. */
async function profileOf(work: Work, options: RunOptions): Promise<Profile | undefined> {
  const answer = await runContender(work, "hilo", "profile", 0, options);
  return "done" in answer ? answer.done.profile : undefined;
}
