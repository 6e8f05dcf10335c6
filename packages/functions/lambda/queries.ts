import { handle } from "hono/aws-lambda";
import { deriveSecret } from "#core/clients/derive-secret.ts";
import { lambdaSettings } from "#core/lambda-config.ts";
import { api } from "#functions/api.ts";
import { loadRateCards } from "#functions/shared/rate-cards.ts";
import { apiKeys, handling, media, secret, views } from "#functions/shared/wiring.ts";

const { HILO_RATE_CARD } = lambdaSettings(["HILO_RATE_CARD"]);

/**
 * Commands go to a function of their own: this one's role may only read, and so may whoever it lets in. Cursors
 * are signed with what may change when keys do: whoever is paging then begins again.
 */
export const handler = handle(
  api({
    ...handling(),
    views: views(),
    rateCards: await loadRateCards(HILO_RATE_CARD),
    media: media(),
    apiKeys: apiKeys("read"),
    cursorSecret: deriveSecret(Buffer.from(secret("ApiKeys")), "cursors"),
  }),
);
