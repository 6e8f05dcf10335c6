import { openItem, type ProjectDeps } from "#core/store/project.ts";
import { parkedSends, type ParkedSend } from "#core/views/parked-sends.ts";

/** A page of the sends that wait for a person, newest parked first. `after` is the `next` of the page before. */
export const parkedPage = async (
  deps: ProjectDeps,
  limit: number,
  after?: string,
): Promise<{ items: ParkedSend[]; next?: string }> => {
  const { items, next } = await deps.views.list(await deps.views.current(parkedSends.name), {
    partition: "parked",
    limit,
    ...(after !== undefined && { after }),
  });
  const sends = await Promise.all(items.map((item) => openItem(deps, parkedSends, item.stream, item)));
  return { items: sends.filter((send) => send !== undefined), ...(next !== undefined && { next }) };
};
