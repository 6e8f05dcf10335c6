import type { Stores } from "#local/stores.ts";

/** How far the publisher is behind the log's feed, in commits. `late` counts those recorded before `beforeMs`. */
export type Unpublished = { commits: number; late: number; more: boolean };

const perPage = 500;
const countedMax = 10_000;

export const unpublished = async ({ store, queues }: Stores, beforeMs: number): Promise<Unpublished> => {
  const behind: Unpublished = { commits: 0, late: 0, more: false };
  let position = await queues.checkpoint("published");
  for (;;) {
    const { commits, checkpoint } = await store.log.feed(position, perPage);
    if (commits.length === 0) return behind;
    behind.commits += commits.length;
    behind.late += commits.filter(({ at }) => Date.parse(at) < beforeMs).length;
    if (behind.commits >= countedMax) return { ...behind, more: true };
    position = checkpoint;
  }
};
