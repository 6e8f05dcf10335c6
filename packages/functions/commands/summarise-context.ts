/** Puts the older part of a long conversation into fewer words, so that every answer is made from little (D11). */
import { ModelFault } from "#core/clients/model.ts";
import { offlineSummariser } from "#core/clients/offline-summariser.ts";
import type { Circuits } from "#core/clients/circuits.ts";
import type { Summariser, Summary, SummaryRequest } from "#core/clients/summariser.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import { decideSummarise, planSummary } from "#core/domain/summarise.ts";
import { getContext, type ContextDeps } from "#core/store/get-context.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import { readTurns } from "#core/store/read-turns.ts";
import type { Context } from "#core/views/context.ts";
import type { ContextTurn } from "#core/views/spoken.ts";
import { eachEvent, type EachEventDeps, NotYet, type QueueHandler } from "#functions/shared/each-event.ts";
import { budgetLeft, countSpending, type SpendingDeps } from "#functions/shared/spending.ts";

export type SummariseContextDeps = HandleDeps &
  EachEventDeps &
  ContextDeps &
  SpendingDeps & { summariser: Summariser; circuits: Circuits };

/** Nobody waits for a summary: it may take longer than an answer. */
export const summaryTimeoutMs = 15_000;
/** How soon a conversation is looked at again that has more to summarise, or was changed meanwhile. */
const againMs = 500;

export const summariseContext = (deps: SummariseContextDeps): QueueHandler =>
  eachEvent(deps, async ({ detail: { stream, id } }) => {
    const { state: before } = await load(deps.store, stream);
    const plan = planSummary(before);
    if (!plan) return;
    const { turns, version } = await readTurns(deps.store, stream, plan);
    if (turns.length === 0) return;
    const summary = await summarise(deps, before, requestFor(await getContext(deps, stream, version), turns));
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

/** Costs nothing and refuses nobody: for those whose budget is spent, and for what a model won't put into words. */
const resort = offlineSummariser();

/** A summariser that is down is left alone; the conversation goes on without, and gets its summary later. */
const summarise = async (
  deps: SummariseContextDeps,
  state: Conversation,
  request: SummaryRequest,
): Promise<Summary> => {
  const left = await budgetLeft(deps, state);
  if (!("usd" in left) || left.usd <= 0) return resort.summarise(request);
  const guarded = await deps.circuits.guard(
    "summariser",
    () => deps.summariser.summarise(request).catch(refused),
    () => false,
  );
  if (!guarded.made)
    throw new NotYet("circuit-open", Math.max(againMs, guarded.reopensAtMs - deps.clock().getTime()));
  const { result } = guarded;
  if (result.use) await countSpending(deps, state)(result.use);
  return "summary" in result ? result : { ...(await resort.summarise(request)), ...result };
};

/** That of this conversation there is no summary says nothing about the service, and to ask again costs as much. */
const refused = (error: unknown): Pick<Summary, "use"> => {
  if (!(error instanceof ModelFault) || error.kind !== "invalid") throw error;
  return error.use ? { use: error.use } : {};
};
