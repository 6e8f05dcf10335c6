/** What answering takes besides a model, from the settings. */
import type { Model } from "#core/clients/model.ts";
import type { Config } from "#core/config.ts";
import type { OfferedModel } from "#functions/shared/ask-models.ts";
import { handOverTool } from "#functions/tools/hand-over.ts";
import { loadOpeningHours, openingHoursTool } from "#functions/tools/opening-hours.ts";
import { orderStatusTool } from "#functions/tools/order-status.ts";
import { refundTool } from "#functions/tools/refund.ts";

export const answering = async (config: Config, { clock }: { clock: () => Date }) => {
  const hours = await loadOpeningHours(config.HILO_OPENING_HOURS);
  return {
    toolbox: [
      handOverTool,
      ...(config.HILO_ORDERS_URL ? [orderStatusTool({ url: config.HILO_ORDERS_URL }), refundTool] : []),
      ...(hours ? [openingHoursTool(hours, clock)] : []),
    ],
    allowance: { usd: config.HILO_CONTACT_BUDGET_USD, replies: config.HILO_CONTACT_REPLIES },
    dayUsd: config.HILO_DAY_BUDGET_USD || Number.POSITIVE_INFINITY,
    answerRules: { linkHosts: config.HILO_LINK_HOSTS, secrets: [] as string[] },
  };
};

/** The extractive model: free, at once, and asked when there is no other. */
export const offlineOffer = (model: Model): OfferedModel => ({
  model,
  candidate: () => ({ id: "hilo-extractive-1", expectedMs: 50, costUsd: 0, quality: 1, lastResort: true }),
});
