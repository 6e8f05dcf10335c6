import { handle } from "hono/aws-lambda";
import { commandApi } from "#functions/api.ts";
import { apiKeys, handling } from "#functions/shared/wiring.ts";

/** What people decide: it gets the API's POST requests. */
export const handler = handle(commandApi({ ...handling(), apiKeys: apiKeys("write") }));
