/** When the older part of a conversation is put into fewer words, and what may be recorded of it (D11). */
import type { EventOf } from "../events/conversation.ts";
import { turnsRemembered, type Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";

/** A summary is due when this many turns came after the last one. */
export const turnsPerSummary = 24;
/** The newest turns are never summarised: they say it best themselves. */
export const turnsKept = 12;
/** One summary takes this many turns at most; the rest waits for the next. */
export const turnsAtOnce = 40;

/** What no summary may exceed, in characters where not in pieces. */
export const limits = {
  summary: 1_200,
  facts: 20,
  factName: 40,
  factValue: 200,
  openQuestions: 5,
  openQuestion: 300,
};

export type SummaryPlan = {
  /** What the last summary reaches. */
  after: number;
  /** The versions of the first turn and the last that the next one is due of. */
  from: number;
  upTo: number;
};

/** Undefined when none is due, or the conversation is over. */
export const planSummary = (state: Conversation): SummaryPlan | undefined => {
  const { turns, summarisedUpTo: after, unanswered } = state;
  if (state.erased || state.movedTo || turns.length < turnsPerSummary) return undefined;
  const oldestUnanswered = unanswered[0]?.version ?? Number.POSITIVE_INFINITY;
  const chosen = turns
    .slice(-turnsRemembered)
    .slice(0, -turnsKept)
    .slice(0, turnsAtOnce)
    .filter((version) => version < oldestUnanswered);
  const [from, upTo] = [chosen[0], chosen.at(-1)];
  return from === undefined || upTo === undefined ? undefined : { after, from, upTo };
};

export type RecordSummary = Omit<SummaryPlan, "from"> & {
  /** The version of the conversation that the summary was made from. */
  version: number;
  summary: Omit<EventOf<"ContextSummarised">["data"], "upTo">;
};

/**
 * Nothing, where another was recorded since. Refused, where something was edited or taken back since: the summary
 * may hold it, and another must be made.
 */
export const decideSummarise = (
  state: Conversation,
  { after, upTo, version, summary }: RecordSummary,
): Decision => {
  if (state.erased || state.movedTo || state.summarisedUpTo !== after || upTo <= after) return [];
  if (state.amendedAt > version) return { rejected: "context-changed" };
  return [{ type: "ContextSummarised", data: { ...summary, ...withinLimits(summary), upTo } }];
};

const withinLimits = ({ summary, facts, openQuestions }: RecordSummary["summary"]) => ({
  summary: first(summary, limits.summary),
  facts: facts.slice(-limits.facts).map(({ name, value }) => ({
    name: first(name, limits.factName),
    value: first(value, limits.factValue),
  })),
  openQuestions: openQuestions
    .slice(-limits.openQuestions)
    .map((question) => first(question, limits.openQuestion)),
});

/** Never the half of a character that takes two units. */
const first = (text: string, max: number): string => text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
