import { lambdaSettings } from "#core/lambda-config.ts";
import { sendMessage } from "#functions/commands/send-message.ts";
import { loadTemplates } from "#functions/shared/templates.ts";
import {
  again,
  circuits,
  handling,
  identities,
  pacing,
  pseudonyms,
  whatsapp,
} from "#functions/shared/wiring.ts";

const config = lambdaSettings(["HILO_NUMBER_PER_SECOND", "HILO_TEMPLATES"]);

export const handler = sendMessage({
  ...handling(),
  again: again(),
  pacing: pacing(),
  circuits: circuits(),
  whatsapp: whatsapp(),
  identities: identities(),
  pseudonyms: pseudonyms(),
  numberPerSecond: config.HILO_NUMBER_PER_SECOND,
  templates: await loadTemplates(config.HILO_TEMPLATES),
});
