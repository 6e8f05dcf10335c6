/** What answering takes besides a model, from the settings. */
import type { CurrentKnowledge } from "#core/clients/follow-knowledge.ts";
import type { Config } from "#core/config.ts";
import { handOverTool } from "#functions/tools/hand-over.ts";
import { loadOpeningHours, openingHoursTool } from "#functions/tools/opening-hours.ts";
import { orderStatusTool } from "#functions/tools/order-status.ts";
import { refundTool } from "#functions/tools/refund.ts";

export type AnswerSettings = Pick<
  Config,
  | "HILO_CONTACT_BUDGET_USD"
  | "HILO_CONTACT_REPLIES"
  | "HILO_DAY_BUDGET_USD"
  | "HILO_LINK_HOSTS"
  | "HILO_ORDERS_URL"
  | "HILO_OPENING_HOURS"
>;

/** `secrets` are what no answer may repeat. */
export const answering = async (
  config: AnswerSettings,
  {
    clock,
    knowledge,
    secrets,
  }: { clock: () => Date; knowledge: CurrentKnowledge; secrets: readonly string[] },
) => {
  const hours = await loadOpeningHours(config.HILO_OPENING_HOURS);
  return {
    toolbox: [
      handOverTool,
      ...(config.HILO_ORDERS_URL ? [orderStatusTool({ url: config.HILO_ORDERS_URL }), refundTool] : []),
      ...(hours ? [openingHoursTool(hours, clock)] : []),
    ],
    allowance: { usd: config.HILO_CONTACT_BUDGET_USD, replies: config.HILO_CONTACT_REPLIES },
    dayUsd: config.HILO_DAY_BUDGET_USD || Number.POSITIVE_INFINITY,
    answerRules: async () => ({
      linkHosts: config.HILO_LINK_HOSTS,
      knownLinks: (await knowledge()).links ?? [],
      secrets,
    }),
  };
};
