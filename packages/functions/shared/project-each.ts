import { project, type ProjectDeps } from "#core/store/project.ts";
import type { View } from "#core/views/view.ts";
import { eachEvent, type QueueHandler } from "./each-event.ts";
import type { Log } from "./log.ts";

/**
 * Keeps a view: each event brings its conversation's items up to date, unless they are already. Of several
 * events of one conversation, the first brings all of them, and the others cost nothing.
 */
export const projectEach =
  <Item>(view: View<Item>) =>
  (deps: ProjectDeps & { log: Log }): QueueHandler => {
    const inTurn = turns();
    return eachEvent({ log: deps.log }, ({ detail: { stream, version } }) =>
      inTurn(stream, version, () => project(deps, view, stream, { atLeast: version })),
    );
  };

/** Lets those who want the same stream wait for each other; whoever finds their version reached is done. */
const turns = () => {
  const last = new Map<string, Promise<number>>();
  return async (stream: string, version: number, act: () => Promise<number>): Promise<void> => {
    const before = last.get(stream)?.catch(() => 0) ?? Promise.resolve(0);
    const turn = before.then((reached) => (reached >= version ? reached : act()));
    last.set(stream, turn);
    try {
      await turn;
    } finally {
      if (last.get(stream) === turn) last.delete(stream);
    }
  };
};
