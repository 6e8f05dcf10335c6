import { handle } from "hono/aws-lambda";
import { deriveSecret } from "#core/clients/derive-secret.ts";
import { queryApp } from "#functions/queries/app.ts";
import { keysFor, parseApiKeys } from "#functions/shared/api-keys.ts";
import { log, secret, store, views } from "#functions/shared/wiring.ts";

const apiKeys = secret("ApiKeys");

/** Cursors are signed with what may change when keys do: whoever is paging then begins again. */
export const handler = handle(
  queryApp({
    store: store(),
    views: views(),
    log,
    apiKeys: keysFor(parseApiKeys(apiKeys), "read"),
    cursorSecret: deriveSecret(Buffer.from(apiKeys), "cursors"),
  }),
);
