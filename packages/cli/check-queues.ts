import type { Config } from "#core/config.ts";
import { Failure } from "./errors.ts";
import { explain } from "./explain.ts";
import type { Finding } from "./finding.ts";
import { withStores } from "./open-data.ts";

/** What waits, and what was given up. Nothing where there is no data yet. */
export async function* checkQueues(config: Config): AsyncGenerator<Finding> {
  const depths = await withStores(config, ({ queues }) => queues.depths()).catch(
    (error: unknown) => error as Error,
  );
  if (depths instanceof Failure) return;
  if (depths instanceof Error) {
    yield { level: "bad", what: explain(depths).message };
    return;
  }
  for (const [queue, { visible, inFlight, delayed, dead }] of Object.entries(depths)) {
    const waiting = `${queue}: ${visible} waiting, ${inFlight} under way, ${delayed} delayed`;
    if (dead === 0) yield { level: "ok", what: waiting };
    else
      yield {
        level: "warning",
        what: `${waiting}, ${dead} given up`,
        todo: `hilo dlq list ${queue} shows them, and the log what went wrong; hilo dlq redrive ${queue} tries them again.`,
      };
  }
  if (Object.keys(depths).length === 0) yield { level: "ok", what: "nothing waits in the queues" };
}
