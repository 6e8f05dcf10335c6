import * as z from "zod";
import { orderId } from "./order-id.ts";
import { tool } from "./tool.ts";

/** Moves money, so a person does it: what the model asked for is their note. */
export const refundTool = tool({
  policy: { name: "refund", effect: "money" },
  description: "Ask for a refund of an order. A person of the team decides about it and takes over.",
  schema: z.strictObject({ order: orderId, because: z.string().max(200).optional() }),
});
