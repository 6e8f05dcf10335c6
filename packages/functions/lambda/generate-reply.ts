import { readCompiled } from "#core/clients/compiled-knowledge.ts";
import { lambdaSettings } from "#core/lambda-config.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { answering } from "#functions/answering/answering.ts";
import { openModels } from "#functions/models/models.ts";
import { openDialog } from "#functions/shared/open-dialog.ts";
import { openKnowledge } from "#functions/shared/open-knowledge.ts";
import {
  again,
  cache,
  circuits,
  handling,
  modelSettings,
  reportModel,
  tally,
  views,
  whatsapp,
} from "#functions/shared/wiring.ts";

const config = lambdaSettings([
  "HILO_QUIET_MS",
  "HILO_KNOWLEDGE_FILE",
  "HILO_KNOWLEDGE_BASE_ID",
  "HILO_FLOWS",
  "HILO_LEX_BOT_ID",
  "HILO_LEX_BOT_ALIAS_ID",
  "HILO_LEX_LOCALES",
  "HILO_CONTACT_BUDGET_USD",
  "HILO_CONTACT_REPLIES",
  "HILO_DAY_BUDGET_USD",
  "HILO_ORDERS_URL",
  "HILO_OPENING_HOURS",
]);
const model = { ...modelSettings(), ...lambdaSettings(["HILO_BEDROCK_MODELS", "HILO_LINK_HOSTS"]) };
const knowledge = await openKnowledge(config, {
  circuits: circuits(),
  files: async () => {
    const compiled = await readCompiled(config.HILO_KNOWLEDGE_FILE);
    return async () => compiled;
  },
});
const { models, secrets } = await openModels(model, { knowledge, report: reportModel });
const dialog = await openDialog(config, { circuits: circuits() });

export const handler = generateReply({
  ...handling(),
  ...(await answering({ ...config, ...model }, { ...handling(), secrets })),
  again: again(),
  circuits: circuits(),
  views: views(),
  cache: cache(),
  tally: tally(),
  whatsapp: whatsapp(),
  models,
  knowledge,
  dialog,
  quietMs: config.HILO_QUIET_MS,
});
