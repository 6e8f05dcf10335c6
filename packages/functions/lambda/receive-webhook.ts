import { lambdaSettings } from "#core/lambda-config.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import { handBackMs } from "#functions/shared/hand-back.ts";
import { loadTemplates } from "#functions/shared/templates.ts";
import { circuits, handling, identities, pacing, pseudonyms, secret } from "#functions/shared/wiring.ts";

const config = lambdaSettings(["HILO_PHONE_NUMBER_IDS", "HILO_HAND_BACK_MINUTES", "HILO_TEMPLATES"]);

export const handler = receiveWebhook({
  ...handling(),
  pacing: pacing(),
  circuits: circuits(),
  identities: identities(),
  pseudonyms: pseudonyms(),
  appSecrets: secret("AppSecret"),
  verifyToken: secret("VerifyToken"),
  phoneNumberIds: config.HILO_PHONE_NUMBER_IDS,
  handBackMs: handBackMs(config.HILO_HAND_BACK_MINUTES),
  templates: await loadTemplates(config.HILO_TEMPLATES),
});
