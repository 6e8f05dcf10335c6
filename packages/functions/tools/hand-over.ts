import * as z from "zod";
import { tool } from "./tool.ts";

/** Asks for a person. The sentence that says so is ours, not the model's. */
export const handOverTool = tool({
  policy: { name: "hand-over", effect: "hand-over" },
  description: "Hand this conversation over to a person of the team. Use it when the customer asks for one.",
  schema: z.strictObject({ because: z.string().max(200).optional() }),
});
