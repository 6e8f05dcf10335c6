import { lambdaSettings } from "#core/lambda-config.ts";
import { receiveWebhook } from "#functions/commands/receive-webhook.ts";
import { handling, identities, pseudonyms, secret } from "#functions/shared/wiring.ts";

export const handler = receiveWebhook({
  ...handling(),
  identities: identities(),
  pseudonyms: pseudonyms(),
  appSecrets: secret("AppSecret"),
  verifyToken: secret("VerifyToken"),
  phoneNumberIds: lambdaSettings(["HILO_PHONE_NUMBER_IDS"]).HILO_PHONE_NUMBER_IDS,
});
