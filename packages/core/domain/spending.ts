/** What a contact's answers cost in a day: a bound on what anybody can make us spend (F60). */
import type { ModelUse } from "../events/conversation.ts";

export type Spent = {
  /** UTC. */
  day: string;
  usd: number;
  /** Answers, those that were withheld included. */
  replies: number;
  /** The customer was told that there is no more today. */
  told: boolean;
};

export const dayOf = (at: string): string => at.slice(0, 10);

/** What was spent on the day of `at`: nothing, when the last day on which anything was is another. */
export const spentOn = (spent: Spent | undefined, at: string): Spent =>
  spent?.day === dayOf(at) ? spent : { day: dayOf(at), usd: 0, replies: 0, told: false };

/** After an answer, or after what was spent without one. */
export const afterSpending = (
  spent: Spent | undefined,
  at: string,
  { use, replies = 0 }: { use?: ModelUse | undefined; replies?: number },
): Spent => {
  const before = spentOn(spent, at);
  return { ...before, usd: before.usd + (use?.costUsd ?? 0), replies: before.replies + replies };
};

export type Allowance = { usd: number; replies: number };

/** What may still be spent on a contact today; undefined when not even a free answer is allowed. */
export const leftToSpend = (spent: Spent, { usd, replies }: Allowance): number | undefined =>
  spent.replies >= replies ? undefined : Math.max(0, usd - spent.usd);
