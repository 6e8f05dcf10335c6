import type { EventOf } from "#core/events/conversation.ts";
import { cannedModelId } from "./canned-replies.ts";

type Reply = EventOf<"ReplyGenerated">["data"];

/** Why a model is left out by design: nothing is broken. */
const byDesign = new Set(["over-budget", "language-unknown"]);

/** Whether passages were repeated because no model could be asked, or none had an answer in time. */
export const isStandIn = (
  { id, source }: Reply["model"],
  { passedOver }: NonNullable<Reply["choice"]>,
): boolean =>
  source === "offline" &&
  id !== cannedModelId &&
  passedOver.some((other) => other.id !== id && !byDesign.has(other.reason));
