/** Builds a view anew beside the one in use, proves it complete, and swaps the two (D7). */
import { parseConversationStream } from "../events/stream.ts";
import { foldInto, type ConversationRecord, type View } from "../views/view.ts";
import type { Commit } from "./commit-log.ts";
import { conversationHeads, type Part, type Progress } from "./conversations.ts";
import { groupOf, project, type ProjectDeps } from "./project.ts";

export type Rebuilt = { view: string; generation: string; streams: number };

/** Not every conversation's rows have reached their stream's head: the new generation is not used. */
export class RebuildIncomplete extends Error {
  override name = "RebuildIncomplete";
}

/** So many parts of the log are gone through at once. */
const segments = 4;

/**
 * Folds every conversation from the log, never from the bus, and without side effects. The log is read once, and its
 * heads once more.
 */
export const rebuild = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  progress: Progress = () => {},
): Promise<Rebuilt> => {
  const previous = await deps.views.current(view.name);
  const generation = following(previous);
  await deps.views.clear(generation);
  const heads = await foldLog(deps, view, generation, progress);
  const reached = await prove(deps, generation, heads);
  await deps.views.promote(view.name, generation);
  // what was appended meanwhile went to the generation before
  await eachSegment(async (part) => {
    for await (const { stream, head } of conversationHeads(deps.store.log, part))
      if ((reached.get(stream) ?? 0) < head) await project(deps, view, stream, { generation, atLeast: head });
  });
  // and what a projection wrote there after it was deleted
  await deps.views.clear(previous);
  return { view: view.name, generation, streams: heads.size };
};

const eachSegment = (walk: (part: Part) => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: segments }, (_, segment) => walk({ segment, segments })));

type Heads = Map<string, number>;

/** Answers every conversation's last version, as it was read. */
const foldLog = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  generation: string,
  progress: Progress,
): Promise<Heads> => {
  const heads: Heads = new Map();
  const total = await deps.store.log.size();
  let done = 0;
  const advance = (commits: number): void => {
    done += commits;
    progress(done, Math.max(done, total));
  };
  await eachSegment((part) => foldSegment(deps, view, generation, part, { heads, advance }));
  return heads;
};

type Walk = { heads: Heads; advance: (commits: number) => void };
type Folding<Item> = { stream: string; version: number; items: Map<string, Item> };

/** A stream's commits come together, so a conversation is complete when the next begins. Those of a page are stored together. */
const foldSegment = async <Item>(
  deps: ProjectDeps,
  view: View<Item>,
  generation: string,
  part: Part,
  { heads, advance }: Walk,
): Promise<void> => {
  let current: Folding<Item> | undefined;
  let after: string | undefined;
  do {
    const page = await deps.store.log.scan({ ...part, ...(after !== undefined && { after }) });
    const complete: Folding<Item>[] = [];
    for (const commits of runs(page.commits)) {
      const [{ stream }] = commits;
      if (current?.stream !== stream) {
        if (current) complete.push(current);
        current = parseConversationStream(stream) && { stream, version: 0, items: new Map() };
      }
      if (!current) continue;
      const events = (await deps.store.codec.decodeAll(commits)) as ConversationRecord[];
      foldInto(view, current.items, events);
      current.version = events.at(-1)?.version ?? current.version;
    }
    after = page.next;
    if (after === undefined && current) complete.push(current);
    for (const { stream, version } of complete) heads.set(stream, version);
    await deps.views.fill(
      generation,
      await Promise.all(complete.map((folded) => groupOf(deps, view, folded))),
    );
    if (page.commits.length > 0) advance(page.commits.length);
  } while (after !== undefined);
};

/** Neighbours of one stream. */
const runs = (commits: readonly Commit[]): [Commit, ...Commit[]][] => {
  const found: [Commit, ...Commit[]][] = [];
  for (const commit of commits) {
    const run = found.at(-1);
    if (run?.[0].stream === commit.stream) run.push(commit);
    else found.push([commit]);
  }
  return found;
};

/** Every conversation's version in the view, which must not be behind its head in the log. */
const prove = async ({ views }: ProjectDeps, generation: string, heads: Heads): Promise<Heads> => {
  const reached: Heads = new Map();
  let after: string | undefined;
  do {
    const page = await views.versions(generation, after);
    for (const { stream, version } of page.groups) reached.set(stream, version);
    after = page.next;
  } while (after !== undefined);
  for (const [stream, head] of heads) {
    const version = reached.get(stream) ?? 0;
    if (version < head) throw new RebuildIncomplete(`${stream} stands at ${version} of ${head}`);
  }
  return reached;
};

const following = (generation: string): string => {
  const [name = generation, number = "1"] = generation.split("@");
  return `${name}@${Number(number) + 1}`;
};
