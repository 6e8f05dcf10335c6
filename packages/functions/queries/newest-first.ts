/** The conversations of several states as one list: the view has a list for each state, and they are merged here. */
import * as z from "zod";
import { openItem, type ProjectDeps } from "#core/store/project.ts";
import {
  conversationList,
  type ConversationState,
  type ConversationSummary,
} from "#core/views/conversation-list.ts";

/** Where the merged list goes on: behind `last`, with each state's list from the page that it was at. */
export const Position = z.object({
  pages: z.record(z.string(), z.string()),
  last: z.object({ updatedAt: z.string(), id: z.string() }),
});
export type Position = z.infer<typeof Position>;

type Row = { summary: ConversationSummary; page: string | undefined };

/** One state's list. When it is done its head is the last page. */
type List = {
  state: ConversationState;
  rows: AsyncGenerator<Row, string | undefined, undefined>;
  head: IteratorResult<Row, string | undefined>;
};

/** A page of the conversations in these states, newest updated first. */
export const newestFirst = async (
  deps: ProjectDeps,
  states: readonly ConversationState[],
  from: Position | undefined,
  limit: number,
): Promise<{ items: ConversationSummary[]; next?: Position }> => {
  const lists = await Promise.all(states.map((state) => openList(deps, state, from, limit)));
  const items = new Map<string, ConversationSummary>();
  for (let next = newest(lists); next && items.size < limit; next = newest(lists)) {
    const { summary } = next.row;
    // One that changed its state between two reads is in both lists.
    if (!items.has(summary.id)) items.set(summary.id, summary);
    next.list.head = await next.list.rows.next();
  }
  const last = [...items.values()].at(-1);
  return { items: [...items.values()], ...(newest(lists) && last && { next: positionAfter(lists, last) }) };
};

const openList = async (
  deps: ProjectDeps,
  state: ConversationState,
  from: Position | undefined,
  limit: number,
): Promise<List> => {
  const rows = rowsOf(deps, state, from, limit);
  return { state, rows, head: await rows.next() };
};

async function* rowsOf(
  deps: ProjectDeps,
  state: ConversationState,
  from: Position | undefined,
  limit: number,
): List["rows"] {
  const view = await deps.views.current(conversationList.name);
  let page = from?.pages[state];
  for (;;) {
    const { items, next } = await deps.views.list(view, {
      partition: state,
      limit,
      ...(page !== undefined && { after: page }),
    });
    const summaries = await Promise.all(
      items.map((item) => openItem(deps, conversationList, item.stream, item)),
    );
    for (const summary of summaries)
      if (summary && (!from || isNewer(from.last, summary))) yield { summary, page };
    if (next === undefined) return page;
    page = next;
  }
}

const newest = (lists: readonly List[]): { list: List; row: Row } | undefined =>
  lists
    .flatMap((list) => (list.head.done ? [] : [{ list, row: list.head.value }]))
    .reduce<{ list: List; row: Row } | undefined>(
      (best, one) => (best && isNewer(best.row.summary, one.row.summary) ? best : one),
      undefined,
    );

/** The order that the view's lists have. */
const isNewer = (one: Position["last"], other: Position["last"]): boolean =>
  one.updatedAt === other.updatedAt ? one.id > other.id : one.updatedAt > other.updatedAt;

const positionAfter = (lists: readonly List[], { updatedAt, id }: ConversationSummary): Position => ({
  pages: Object.fromEntries(
    lists.flatMap(({ state, head }) => {
      const page = head.done ? head.value : head.value.page;
      return page === undefined ? [] : [[state, page]];
    }),
  ),
  last: { updatedAt, id },
});
