/** What answering takes besides a model, from the settings. */
import type { Config } from "#core/config.ts";
import { budgets, type BudgetSettings } from "#functions/shared/spending.ts";
import { handOverTool } from "#functions/tools/hand-over.ts";
import { loadOpeningHours, openingHoursTool } from "#functions/tools/opening-hours.ts";
import { orderStatusTool } from "#functions/tools/order-status.ts";
import { refundTool } from "#functions/tools/refund.ts";

export type AnswerSettings = BudgetSettings &
  Pick<Config, "HILO_LINK_HOSTS" | "HILO_ORDERS_URL" | "HILO_OPENING_HOURS">;

/** `secrets` are what no answer may repeat. */
export const answering = async (
  config: AnswerSettings,
  { clock, secrets }: { clock: () => Date; secrets: readonly string[] },
) => {
  const hours = await loadOpeningHours(config.HILO_OPENING_HOURS);
  return {
    toolbox: [
      handOverTool,
      ...(config.HILO_ORDERS_URL ? [orderStatusTool({ url: config.HILO_ORDERS_URL }), refundTool] : []),
      ...(hours ? [openingHoursTool(hours, clock)] : []),
    ],
    ...budgets(config),
    answerRules: { linkHosts: config.HILO_LINK_HOSTS, secrets },
  };
};
