/** What may still be spent on an answer, and where what was spent is counted. */
import type { Config } from "#core/config.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import { dayOf, leftToSpend, spentOn, type Allowance } from "#core/domain/spending.ts";
import type { ModelUse } from "#core/events/conversation.ts";
import type { Tally } from "#core/store/tally.ts";
import { describeError, type Log } from "./log.ts";

export type SpendingDeps = {
  clock: () => Date;
  log: Log;
  tally: Tally;
  /** Of one customer, in a day. */
  allowance: Allowance;
  /** Of one of our numbers, in a day. Several who spend at once may pass it by what one answer costs each. */
  dayUsd: number;
};

export type BudgetSettings = Pick<
  Config,
  "HILO_CONTACT_BUDGET_USD" | "HILO_CONTACT_REPLIES" | "HILO_DAY_BUDGET_USD"
>;

export const budgets = (config: BudgetSettings): Pick<SpendingDeps, "allowance" | "dayUsd"> => ({
  allowance: { usd: config.HILO_CONTACT_BUDGET_USD, replies: config.HILO_CONTACT_REPLIES },
  dayUsd: config.HILO_DAY_BUDGET_USD || Number.POSITIVE_INFINITY,
});

export type Left =
  | { usd: number; spentWhat: "contact-money" | "day-money" }
  | { spentWhat: "contact-replies" };

/** In US dollars; none, when not even a free answer is allowed. `spentWhat` names what ends first. */
export const budgetLeft = async (deps: SpendingDeps, state: Conversation): Promise<Left> => {
  const at = deps.clock().toISOString();
  const ofContact = leftToSpend(spentOn(state.spent, at), deps.allowance);
  if (ofContact === undefined) return { spentWhat: "contact-replies" };
  const spentMicroUsd = Number.isFinite(deps.dayUsd) ? await deps.tally.read(keyOf(state, at)) : 0;
  const ofDay = Math.max(0, deps.dayUsd - spentMicroUsd / 1e6);
  return ofDay < ofContact
    ? { usd: ofDay, spentWhat: "day-money" }
    : { usd: ofContact, spentWhat: "contact-money" };
};

/** Counts what a call took. A count that fails costs no answer. */
export const countSpending =
  (deps: SpendingDeps, state: Conversation) =>
  async ({ costUsd }: ModelUse): Promise<void> => {
    const now = deps.clock();
    const micro = Math.ceil(costUsd * 1e6);
    if (micro === 0) return;
    await deps.tally
      .add(keyOf(state, now.toISOString()), micro, now.getTime() + 2 * 86_400_000)
      .catch((error: unknown) =>
        deps.log("error", "what was spent could not be counted", { error: describeError(error) }),
      );
  };

const keyOf = ({ phoneNumberId }: Conversation, at: string): string =>
  `model-usd/${phoneNumberId ?? "none"}/${dayOf(at)}`;
