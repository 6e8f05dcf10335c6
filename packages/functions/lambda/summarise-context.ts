import { summariseContext } from "#functions/commands/summarise-context.ts";
import { openSummariser } from "#functions/shared/summariser.ts";
import {
  again,
  cache,
  circuits,
  handling,
  modelSettings,
  reportModel,
  views,
} from "#functions/shared/wiring.ts";

export const handler = summariseContext({
  ...handling(),
  again: again(),
  circuits: circuits(),
  views: views(),
  cache: cache(),
  summariser: await openSummariser(modelSettings(), reportModel),
});
