import type { Refused } from "./actions.ts";

/** What the page is answered: 409 with the reason, where something can't be done. */
export const answer = (result: Refused | object, status = 200): Response =>
  "refused" in result
    ? Response.json({ error: result.refused }, { status: 409 })
    : Response.json(result, { status });
