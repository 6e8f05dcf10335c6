import { loadKnowledge } from "#core/clients/knowledge.ts";
import { offlineModel } from "#core/clients/offline-model.ts";
import { lambdaSettings } from "#core/lambda-config.ts";
import { generateReply } from "#functions/commands/generate-reply.ts";
import { again, circuits, handling, views, whatsapp } from "#functions/shared/wiring.ts";

const { HILO_KNOWLEDGE_DIR, HILO_QUIET_MS } = lambdaSettings(["HILO_KNOWLEDGE_DIR", "HILO_QUIET_MS"]);

export const handler = generateReply({
  ...handling(),
  again: again(),
  circuits: circuits(),
  views: views(),
  whatsapp: whatsapp(),
  model: offlineModel({ knowledge: await loadKnowledge(HILO_KNOWLEDGE_DIR) }),
  quietMs: HILO_QUIET_MS,
});
