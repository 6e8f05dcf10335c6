/** Builds a view anew beside the one in use, proves it complete, and swaps the two (D7). */
import type { View } from "../views/view.ts";
import { conversations, type Progress } from "./conversations.ts";
import { project, type ProjectDeps } from "./project.ts";

export type Rebuilt = { view: string; generation: string; streams: number };

/** Not every conversation's rows have reached their stream's head: the new generation is not used. */
export class RebuildIncomplete extends Error {
  override name = "RebuildIncomplete";
}

/** Folds every conversation from the log, never from the bus, and without side effects. */
export const rebuild = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  progress: Progress = () => {},
): Promise<Rebuilt> => {
  const previous = await deps.views.current(view.name);
  const generation = following(previous);
  await deps.views.clear(generation);
  const streams: string[] = [];
  for await (const { stream } of conversations(deps.store.log, progress)) {
    await project(deps, view, stream, { generation });
    streams.push(stream);
  }
  await prove(deps, view, generation, streams);
  await deps.views.promote(view.name, generation);
  // what was appended meanwhile went to the generation before
  for await (const { stream, head } of conversations(deps.store.log))
    await project(deps, view, stream, { generation, atLeast: head });
  // and what a projection wrote there after it was deleted
  await deps.views.clear(previous);
  return { view: view.name, generation, streams: streams.length };
};

/** Every row's version against its stream's head; what has moved on since is brought up to it. */
const prove = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  generation: string,
  streams: readonly string[],
): Promise<void> => {
  for (const stream of streams) {
    const head = await deps.store.log.head(stream);
    const version = await project(deps, view, stream, { generation, atLeast: head });
    if (version < head) throw new RebuildIncomplete(`${stream} stands at ${version} of ${head}`);
  }
};

const following = (generation: string): string => {
  const [name = generation, number = "1"] = generation.split("@");
  return `${name}@${Number(number) + 1}`;
};
