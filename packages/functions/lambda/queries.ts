import { handle } from "hono/aws-lambda";
import { deriveSecret } from "#core/clients/derive-secret.ts";
import { api } from "#functions/api.ts";
import { apiKeys, handling, media, secret, views } from "#functions/shared/wiring.ts";

/**
 * Commands go to a function of their own: this one's role may only read, and so may whoever it lets in. Cursors
 * are signed with what may change when keys do: whoever is paging then begins again.
 */
export const handler = handle(
  api({
    ...handling(),
    views: views(),
    media: media(),
    apiKeys: apiKeys("read"),
    cursorSecret: deriveSecret(Buffer.from(secret("ApiKeys")), "cursors"),
  }),
);
