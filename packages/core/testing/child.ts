import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("sqlite-child.ts", import.meta.url));

/** Starts one of the jobs of `sqlite-child.ts` in a process of its own. */
export const startChild = (job: string, ...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, job, ...args]);

/** What it printed, line by line, once it has ended well. */
export const linesOf = async (child: ChildProcessWithoutNullStreams): Promise<string[]> => {
  const exit = new Promise((resolve) => child.once("exit", resolve));
  const [out, problems, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (code !== 0) throw new Error(`the child ended with ${String(code)}: ${problems}`);
  return out.split("\n").filter(Boolean);
};
