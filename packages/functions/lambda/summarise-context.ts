import { lambdaSettings } from "#core/lambda-config.ts";
import { summariseContext } from "#functions/commands/summarise-context.ts";
import { budgets } from "#functions/shared/spending.ts";
import { openSummariser } from "#functions/models/summariser.ts";
import {
  again,
  cache,
  circuits,
  handling,
  modelSettings,
  reportModel,
  tally,
  views,
} from "#functions/shared/wiring.ts";

export const handler = summariseContext({
  ...handling(),
  ...budgets(lambdaSettings(["HILO_CONTACT_BUDGET_USD", "HILO_CONTACT_REPLIES", "HILO_DAY_BUDGET_USD"])),
  tally: tally(),
  again: again(),
  circuits: circuits(),
  views: views(),
  cache: cache(),
  summariser: await openSummariser(modelSettings(), reportModel),
});
