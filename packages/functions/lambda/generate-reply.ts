import { lambdaSettings } from "#core/lambda-config.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { answering } from "#functions/shared/answering.ts";
import { openKnowledge } from "#functions/shared/open-knowledge.ts";
import {
  again,
  circuits,
  handling,
  openLambdaModels,
  tally,
  views,
  whatsapp,
} from "#functions/shared/wiring.ts";

const config = lambdaSettings([
  "HILO_QUIET_MS",
  "HILO_KNOWLEDGE_DIR",
  "HILO_KNOWLEDGE_BASE_ID",
  "HILO_LINK_HOSTS",
  "HILO_CONTACT_BUDGET_USD",
  "HILO_CONTACT_REPLIES",
  "HILO_DAY_BUDGET_USD",
  "HILO_ORDERS_URL",
  "HILO_OPENING_HOURS",
]);
const knowledge = await openKnowledge(config, handling());
const { models, secrets } = await openLambdaModels(knowledge);

export const handler = generateReply({
  ...handling(),
  ...(await answering(config, { ...handling(), knowledge, secrets })),
  again: again(),
  circuits: circuits(),
  views: views(),
  tally: tally(),
  whatsapp: whatsapp(),
  models,
  quietMs: config.HILO_QUIET_MS,
});
