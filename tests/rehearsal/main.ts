/** `npm run sim`: rehearses seeded histories of the whole system, and shows the first that breaks a promise. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { rehearse, type Outcome } from "./history.ts";
import { Plan, planOf } from "./plan.ts";
import { shrink } from "./shrink.ts";
import { neverSeen, suiteSeedsMin } from "./sometimes.ts";

const usage = `Usage: npm run sim -- [options]

Rehearses seeded histories of many customers, agents and faults, in virtual time.

  --seeds <count>   how many histories (default 200)
  --from <seed>     the first of them (default 1)
  --seed <seed>     this history alone
  --plan <file>     the history of a recorded plan alone
  --trace           show each step of it; the same seed gives the same trace
  --save <file>     write the smallest plan that still fails
  --no-shrink       do not look for it
  --json            print JSON for programs on stdout, and nothing else there
  --help            say this

Ends with 0 when every promise held, with 1 when one was broken or something never happened, and with 2
when it was called wrongly.

  npm run sim                       the 200 histories that every commit has to pass
  npm run sim -- --seeds 100000     a night's worth
  npm run sim -- --seed 42 --trace  what happened in one of them
`;

class UsageError extends Error {
  override name = "UsageError";
}

const options = {
  seeds: { type: "string" },
  from: { type: "string" },
  seed: { type: "string" },
  plan: { type: "string" },
  save: { type: "string" },
  trace: { type: "boolean" },
  "no-shrink": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const read = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "not understood");
  }
};

type Values = ReturnType<typeof read>;

const whole = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new UsageError(`--${name} takes a whole number from 1 on, not "${text}"`);
  return Number(text);
};

const recorded = async (file: string): Promise<Plan> => {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`there is no file ${file}`);
  });
  try {
    const read = JSON.parse(text) as { plan?: unknown };
    return Plan.parse(read.plan ?? read);
  } catch {
    throw new UsageError(`${file} holds no plan of a history`);
  }
};

async function* plans(values: Values): AsyncGenerator<Plan> {
  if (values.plan !== undefined) {
    yield await recorded(values.plan);
    return;
  }
  const isOne = values.seed !== undefined;
  const from = isOne ? whole("seed", values.seed, 1) : whole("from", values.from, 1);
  const count = isOne ? 1 : whole("seeds", values.seeds, suiteSeedsMin);
  for (let seed = from; seed < from + count; seed++) yield planOf(seed);
}

const run = async (values: Values): Promise<number> => {
  const isOne = values.plan !== undefined || values.seed !== undefined;
  const total = isOne ? 1 : whole("seeds", values.seeds, suiteSeedsMin);
  const startedAt = performance.now();
  const seen = new Map<string, number>();
  let steps = 0;
  let done = 0;
  let failed: Outcome | undefined;
  let last: Outcome | undefined;
  for await (const plan of plans(values)) {
    last = await rehearse(plan, { tracing: values.trace === true });
    done++;
    steps += last.steps;
    for (const [what, times] of last.seen) seen.set(what, (seen.get(what) ?? 0) + times);
    progress(done, total, startedAt);
    if (last.failure) {
      failed = last;
      break;
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const missing = !failed && !isOne && done >= suiteSeedsMin ? neverSeen(seen) : [];
  endProgress();
  const report = { seeds: done, seconds, steps, seen, missing, failed, last };
  const shrunk = failed && !values["no-shrink"] ? await smallest(failed) : undefined;
  if (shrunk && values.save !== undefined)
    await writeFile(
      values.save,
      `${JSON.stringify({ why: shrunk.failure?.message, plan: shrunk.plan }, null, 2)}\n`,
    );
  if (values.json === true) printJson(report, shrunk);
  else print(report, shrunk, values);
  return failed || missing.length > 0 ? 1 : 0;
};

type Report = {
  seeds: number;
  seconds: number;
  steps: number;
  seen: ReadonlyMap<string, number>;
  missing: readonly string[];
  failed: Outcome | undefined;
  last: Outcome | undefined;
};

/** Traced once more, so that its end can be shown. */
const smallest = async (failed: Outcome): Promise<Outcome> => {
  const { plan } = await shrink(failed, (runs) =>
    tell(`looking for the smallest plan that fails: ${runs} tried`),
  );
  endProgress();
  return rehearse(plan, { tracing: true });
};

const traceLinesMax = 60;

const print = (
  { seeds, seconds, steps, seen, missing, failed, last }: Report,
  shrunk: Outcome | undefined,
  values: Values,
) => {
  if (values.trace === true && last) console.log(last.trace.join("\n"));
  console.log(
    `${seeds} ${seeds === 1 ? "history" : "histories"} in ${seconds.toFixed(1)} s: ${(seeds / seconds).toFixed(1)} seeds/s, ${steps} steps`,
  );
  if (values.trace === true && last) console.log(`trace ${last.traceHash}`);
  for (const [what, times] of [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${String(times).padStart(8)}  ${what}`);
  for (const what of missing) console.log(`never happened: ${what}`);
  if (!failed?.failure) return;
  console.log(`\nseed ${failed.plan.seed} breaks a promise: ${failed.failure.message}`);
  console.log(`replay it with: npm run sim -- --seed ${failed.plan.seed} --trace`);
  if (!shrunk) return;
  console.log(
    `\nthe smallest plan that still does, and the end of its trace:\n${JSON.stringify(shrunk.plan)}\n`,
  );
  console.log(shrunk.trace.slice(-traceLinesMax).join("\n"));
};

const printJson = ({ seeds, seconds, steps, seen, missing, failed }: Report, shrunk: Outcome | undefined) => {
  const failure = failed && { seed: failed.plan.seed, ...failed.failure, traceHash: failed.traceHash };
  console.log(
    JSON.stringify({
      seeds,
      seconds,
      steps,
      missing,
      seen: Object.fromEntries(seen),
      failure,
      ...(shrunk && { smallest: shrunk.plan }),
    }),
  );
};

const tell = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
};

const endProgress = (): void => tell("");

let toldAt = 0;

const progress = (done: number, total: number, startedAt: number): void => {
  const now = performance.now();
  if (now - toldAt < 100 && done < total) return;
  toldAt = now;
  const rate = done / ((now - startedAt) / 1_000);
  tell(`${done} of ${total} histories, ${rate.toFixed(1)} seeds/s`);
};

const main = async (argv: readonly string[]): Promise<number> => {
  try {
    const values = read(argv);
    if (values.help === true) {
      console.log(usage);
      return 0;
    }
    return await run(values);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`sim: ${error.message} (see npm run sim -- --help)`);
    return 2;
  }
};

process.exitCode = await main(process.argv.slice(2));
