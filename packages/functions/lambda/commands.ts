import { handle } from "hono/aws-lambda";
import { api } from "#functions/api.ts";
import { apiFor } from "#functions/shared/wiring.ts";

/** What people decide: it gets the API's writing methods, from who may write. */
export const handler = handle(api(apiFor("write")));
