/** Puts the older part of a long conversation into fewer words, so that every answer is made from little (D11). */
import type { Circuits } from "#core/clients/circuits.ts";
import type { Summariser, Summary, SummaryRequest } from "#core/clients/summariser.ts";
import { decideSummarise, planSummary } from "#core/domain/summarise.ts";
import { getContext, type ContextDeps } from "#core/store/get-context.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import { readTurns } from "#core/store/read-turns.ts";
import type { Context } from "#core/views/context.ts";
import type { ContextTurn } from "#core/views/spoken.ts";
import { eachEvent, type EachEventDeps, NotYet, type QueueHandler } from "#functions/shared/each-event.ts";

export type SummariseContextDeps = HandleDeps &
  EachEventDeps &
  ContextDeps & { summariser: Summariser; circuits: Circuits };

/** Nobody waits for a summary: it may take longer than an answer. */
export const summaryTimeoutMs = 15_000;
/** How soon a conversation is looked at again that has more to summarise, or was changed meanwhile. */
const againMs = 500;

export const summariseContext = (deps: SummariseContextDeps): QueueHandler =>
  eachEvent(deps, async ({ detail: { stream, id } }) => {
    const plan = planSummary((await load(deps.store, stream)).state);
    if (!plan) return;
    const { turns, version } = await readTurns(deps.store, stream, plan);
    if (turns.length === 0) return;
    const summary = await summarise(deps, requestFor(await getContext(deps, stream, version), turns));
    const command = { ...plan, version, summary };
    const { state, rejected } = await handle(deps, stream, (now) => decideSummarise(now, command), id);
    if (rejected ?? planSummary(state)) throw new NotYet(rejected ?? "more-to-summarise", againMs);
  });

const requestFor = (
  { summary, facts = [], openQuestions = [], language }: Context,
  turns: readonly ContextTurn[],
): SummaryRequest => ({
  ...(summary && { before: { summary: summary.text, facts, openQuestions } }),
  turns: turns.map(({ from, kind, text }) => ({ from, kind, ...(text !== undefined && { text }) })),
  ...(language !== undefined && { language }),
  timeoutMs: summaryTimeoutMs,
});

/** A summariser that is down is left alone; the conversation goes on without, and gets its summary later. */
const summarise = async (
  { summariser, circuits, clock }: SummariseContextDeps,
  request: SummaryRequest,
): Promise<Summary> => {
  const guarded = await circuits.guard(
    "summariser",
    () => summariser.summarise(request),
    () => false,
  );
  if (guarded.made) return guarded.result;
  throw new NotYet("circuit-open", Math.max(againMs, guarded.reopensAtMs - clock().getTime()));
};
