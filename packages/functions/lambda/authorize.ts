import { parseApiKeys } from "#functions/http/api-keys.ts";
import { authorize } from "#functions/http/authorize.ts";
import { secret } from "#functions/shared/wiring.ts";

export const handler = authorize({ apiKeys: parseApiKeys(secret("ApiKeys")) });
