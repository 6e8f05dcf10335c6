/** What was spent, day by day, priced as it is read: by the rate card that was valid on the day. */
import * as z from "zod";
import { messageUsd, type RateCard } from "#core/clients/whatsapp/rate-card.ts";
import { openItem, type ProjectDeps } from "#core/store/project.ts";
import { BilledMessages, costs, ModelCosts, modelUsd, type DayCosts } from "#core/views/costs.ts";

export type CostsDeps = ProjectDeps & { rateCards: readonly RateCard[] };

export const Day = z.object({
  day: z.iso.date(),
  received: z.int(),
  sent: z.int(),
  /** In US dollars. */
  modelUsd: z.number(),
  /** In US dollars; without the messages whose rate no card says. */
  metaUsd: z.number(),
  /** Messages that Meta bills, at a rate that no card says. */
  metaUnknown: z.int(),
  models: z.array(ModelCosts),
  messages: z.array(BilledMessages),
});
export type Day = z.infer<typeof Day>;

/** Of all conversations together. */
export const DayOfAll = Day.extend({ conversations: z.int() });
export type DayOfAll = z.infer<typeof DayOfAll>;

const pageItems = 200;

/** The days from `from` to `to`, newest first, on which anything was spent or said. */
export const costsOfConversation = async (
  deps: CostsDeps,
  stream: string,
  { from, to }: { from: string; to: string },
): Promise<Day[]> => {
  const view = await deps.views.current(costs.name);
  const stored = await deps.views.page(view, stream, {
    direction: "backwards",
    // "2026-11-23" is before this, and the next day is not
    before: `${to}~`,
    limit: pageItems,
  });
  const items = await Promise.all(
    stored.filter(({ key }) => key >= from).map((item) => openItem(deps, costs, stream, item)),
  );
  return items.flatMap((item) => (item ? [priced(deps, item)] : []));
};

/** One day of all conversations. It reads every conversation of that day: what a person asks for, not a loop. */
export const costsOfDay = async (deps: CostsDeps, day: string): Promise<DayOfAll> => {
  const view = await deps.views.current(costs.name);
  let sum = nothing(day);
  for (let after: string | undefined; ;) {
    const page = await deps.views.list(view, { partition: day, limit: pageItems, ...(after && { after }) });
    const items = await Promise.all(page.items.map((item) => openItem(deps, costs, item.stream, item)));
    for (const item of items) if (item) sum = plus(sum, priced(deps, item));
    if (page.next === undefined) return sum;
    after = page.next;
  }
};

const nothing = (day: string): DayOfAll => ({
  day,
  received: 0,
  sent: 0,
  modelUsd: 0,
  metaUsd: 0,
  metaUnknown: 0,
  models: [],
  messages: [],
  conversations: 0,
});

const priced = ({ rateCards }: CostsDeps, item: DayCosts): Day => {
  const { day, received, sent, models, messages } = item;
  const known = messages.map((billed) => ({ billed, usd: messageUsd(rateCards, day, billed) }));
  return {
    day,
    received,
    sent,
    modelUsd: rounded(modelUsd(item)),
    metaUsd: rounded(known.reduce((sum, { billed, usd = 0 }) => sum + usd * billed.count, 0)),
    metaUnknown: known.reduce((sum, { billed, usd }) => sum + (usd === undefined ? billed.count : 0), 0),
    models,
    messages,
  };
};

const plus = (a: DayOfAll, b: Day): DayOfAll => ({
  day: a.day,
  received: a.received + b.received,
  sent: a.sent + b.sent,
  modelUsd: rounded(a.modelUsd + b.modelUsd),
  metaUsd: rounded(a.metaUsd + b.metaUsd),
  metaUnknown: a.metaUnknown + b.metaUnknown,
  models: summed([...a.models, ...b.models], ({ model }) => model, bothModels),
  messages: summed([...a.messages, ...b.messages], kindOf, bothMessages),
  conversations: a.conversations + 1,
});

const kindOf = ({ category, type, market, billable }: BilledMessages): string =>
  JSON.stringify([category, type, market, billable]);

/** Rows of the same key as one. */
const summed = <Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  add: (a: Row, b: Row) => Row,
): Row[] => {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const before = sums.get(keyOf(row));
    sums.set(keyOf(row), before ? add(before, row) : row);
  }
  return [...sums.values()];
};

const bothModels = (a: ModelCosts, b: ModelCosts): ModelCosts => ({
  model: a.model,
  calls: a.calls + b.calls,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  usd: rounded(a.usd + b.usd),
});

const bothMessages = (a: BilledMessages, b: BilledMessages): BilledMessages => ({
  ...a,
  count: a.count + b.count,
});

/** To a millionth of a cent, so that sums look like sums. */
const rounded = (usd: number): number => Math.round(usd * 1e8) / 1e8;
