import { parseApiKeys } from "#functions/shared/api-keys.ts";
import { authorize } from "#functions/shared/authorize.ts";
import { secret } from "#functions/shared/wiring.ts";

export const handler = authorize({ apiKeys: parseApiKeys(secret("ApiKeys")) });
