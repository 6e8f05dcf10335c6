import { views } from "#core/views/all.ts";
import { eraseOnRequest } from "#functions/commands/erase-on-request.ts";
import { handling, identities, keys, media, projecting } from "#functions/shared/wiring.ts";

/** It has no address: whoever may invoke it in IAM may erase anybody. */
export const handler = eraseOnRequest({
  ...handling(),
  identities: identities(),
  keys: keys(),
  media: media(),
  viewStore: projecting().views,
  views,
});
