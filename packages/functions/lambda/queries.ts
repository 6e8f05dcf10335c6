import { handle } from "hono/aws-lambda";
import { api } from "#functions/api.ts";
import { apiFor } from "#functions/shared/wiring.ts";

/** Its role may only read, and so may whoever calls it: commands have a function of their own. */
export const handler = handle(api(apiFor("read")));
