import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { ConversationParams } from "#functions/http/conversation-params.ts";
import { answer, named, notThen, refusals, secured } from "#functions/http/describe.ts";
import { problem } from "#functions/http/http.ts";
import {
  costsOfConversation,
  costsOfDay,
  Day as CoreDay,
  DayOfAll as CoreDayOfAll,
  type CostsDeps,
  type Day,
} from "./costs.ts";

export type GetCostsDeps = CostsDeps & { clock: () => Date };

/** More days than this are asked for by one after the other. */
export const daysMax = 31;
const dayMs = 86_400_000;

const DayOfConversation = named("DayCosts", CoreDay, "What one day has cost, and what for.");
const DayOfAll = named(
  "DayCostsOfAll",
  CoreDayOfAll,
  "What one day of all conversations has cost, and what for.",
);

const date = (description: string) =>
  z.iso.date().optional().openapi({ type: "string", format: "date", param: { description } });

const Query = z.strictObject({
  from: date("The first day (UTC); without it, 7 days up to `to`."),
  to: date("The last day (UTC); without it, today."),
});

const example: Day = {
  day: "2026-03-02",
  received: 2,
  sent: 2,
  modelUsd: 0.00042,
  metaUsd: 0.0034,
  metaUnknown: 1,
  models: [
    {
      model: "us.amazon.nova-micro-v1:0",
      calls: 2,
      inputTokens: 1_624,
      outputTokens: 192,
      cacheReadTokens: 2_048,
      cacheWriteTokens: 0,
      usd: 0.00042,
    },
  ],
  messages: [
    { category: "service", type: "regular", market: "+55", billable: true, count: 1 },
    { category: "service", type: "regular", market: "+34", billable: true, count: 1 },
  ],
};

const unknown =
  "Models in US dollars as they were counted; WhatsApp by its statuses and the rate card, where it has a rate: " +
  "what it has none for is in `metaUnknown`, and not in the sum.";

const ofConversation = createRoute({
  method: "get",
  path: "/conversations/{id}/costs",
  operationId: "getConversationCosts",
  summary: "What a conversation has cost, newest day first",
  description: unknown,
  security: secured,
  request: { params: ConversationParams, query: Query },
  responses: {
    200: answer(z.object({ days: z.array(DayOfConversation) }), "The days on which anything happened.", {
      days: [example],
    }),
    ...refusals,
    404: notThen[404],
  },
});

const ofAll = createRoute({
  method: "get",
  path: "/costs",
  operationId: "getCosts",
  summary: "What all conversations have cost, newest day first",
  description: `${unknown} At most ${daysMax} days at once. Erased persons are not in it.`,
  security: secured,
  request: { query: Query },
  responses: {
    200: answer(z.object({ days: z.array(DayOfAll) }), "Every day of the period.", {
      days: [{ ...example, conversations: 1 }],
    }),
    ...refusals,
  },
});

export const getCosts = (app: OpenAPIHono, deps: GetCostsDeps) => {
  app.openapi(ofConversation, async (c) => {
    const { id } = c.req.valid("param");
    const period = periodOf(c.req.valid("query"), deps.clock());
    if (!period) return problem(c, "invalid-request", tooLong);
    if ((await deps.store.log.head(id)) === 0) return problem(c, "unknown-conversation");
    return c.json({ days: await costsOfConversation(deps, id, period) }, 200);
  });
  app.openapi(ofAll, async (c) => {
    const period = periodOf(c.req.valid("query"), deps.clock());
    if (!period) return problem(c, "invalid-request", tooLong);
    const days = [];
    for (const day of daysOf(period)) days.push(await costsOfDay(deps, day));
    return c.json({ days }, 200);
  });
};

const tooLong = { errors: [{ parameter: "from", detail: `Expected at most ${daysMax} days, in order.` }] };

/** Undefined when it is longer than may be asked for, or ends before it begins. */
export const periodOf = (
  { from, to }: { from?: string | undefined; to?: string | undefined },
  now: Date,
): { from: string; to: string } | undefined => {
  const last = Date.parse(to ?? now.toISOString().slice(0, 10));
  const first = from === undefined ? last - 6 * dayMs : Date.parse(from);
  return first <= last && last - first < daysMax * dayMs
    ? { from: dayAt(first), to: dayAt(last) }
    : undefined;
};

/** Newest first. */
export const daysOf = ({ from, to }: { from: string; to: string }): string[] => {
  const days: string[] = [];
  for (let at = Date.parse(to); at >= Date.parse(from); at -= dayMs) days.push(dayAt(at));
  return days;
};

const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
