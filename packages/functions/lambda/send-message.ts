import { sendMessage } from "#functions/commands/send-message.ts";
import { handling, identities, pseudonyms, whatsapp } from "#functions/shared/wiring.ts";

export const handler = sendMessage({
  ...handling(),
  whatsapp: whatsapp(),
  identities: identities(),
  pseudonyms: pseudonyms(),
});
