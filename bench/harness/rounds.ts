/** Runs a work's contenders, each round in another order, each in a process of its own. */
import { fork } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Answer, Told } from "./child.ts";
import type { RoundResult } from "./contender.ts";
import { shuffled } from "./statistics.ts";
import type { Work } from "./work.ts";

/** Of one contender: its rounds, or why there are none. */
export type ContenderResult = { rounds: RoundResult[]; failed?: string; unavailable?: string };
export type WorkResult = Record<string, ContenderResult>;

export type RunOptions = {
  /** A folder that may be filled. */
  directory: string;
  endpoint: string;
  rounds: number;
  quick: boolean;
  /** Told before every step, with how far it is. */
  progress: (step: string, done: number, of: number) => void;
};

const contenderTimeoutMs = 180_000;

export const runWork = async (work: Work, options: RunOptions): Promise<WorkResult> => {
  const rounds = Math.min(options.rounds, work.rounds ?? options.rounds);
  const result: WorkResult = {};
  const steps = work.contenders.length * (rounds + 1);
  let step = 0;
  for (const { name } of work.contenders) {
    options.progress(`${work.name}: preparing ${name}`, step++, steps);
    result[name] = { rounds: [] };
    keep(result[name], await runContender(work, name, "prepare", 0, options));
  }
  for (let round = 1; round <= rounds; round++) {
    for (const { name } of shuffled(work.contenders, Math.random)) {
      options.progress(`${work.name}: round ${round} of ${rounds}, ${name}`, step++, steps);
      const so = result[name];
      if (!so || so.failed !== undefined || so.unavailable !== undefined) continue;
      const answer = await runContender(work, name, "round", round, options);
      keep(so, answer);
      if ("done" in answer) so.rounds.push(answer.done);
    }
  }
  return result;
};

const keep = (so: ContenderResult, answer: Answer): void => {
  if ("failed" in answer) so.failed = answer.failed;
  if ("unavailable" in answer) so.unavailable = answer.unavailable;
};

export const runContender = async (
  work: Work,
  name: string,
  phase: "prepare" | "round" | "profile",
  round: number,
  { directory, endpoint, quick }: Pick<RunOptions, "directory" | "endpoint" | "quick">,
): Promise<Answer> => {
  const preparedDir = join(directory, work.name, name);
  await mkdir(preparedDir, { recursive: true });
  const roundDir = await mkdtemp(join(directory, "round-"));
  const told: Told = { preparedDir, roundDir, endpoint, roundName: `${work.name}-${name}-${round}`, quick };
  const child = fork(join(import.meta.dirname, "child.ts"), [work.name, name, phase], {
    execArgv: ["--disable-warning=ExperimentalWarning", "--disable-warning=DEP0040", "--expose-gc"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.send(told);
  const timeout = setTimeout(() => child.kill("SIGKILL"), contenderTimeoutMs);
  const answer = await new Promise<Answer>((resolve) => {
    child.once("message", (message) => resolve(message as Answer));
    child.once("error", (error) => resolve({ failed: error.message }));
    child.once("exit", (code, signal) =>
      resolve({ failed: `ended with ${signal ?? String(code)} before it was done` }),
    );
  });
  if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  clearTimeout(timeout);
  await rm(roundDir, { recursive: true, force: true });
  return answer;
};
