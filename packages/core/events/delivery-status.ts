/** What WhatsApp's statuses of one message say together, in whatever order they come (D10). */
import type { DeliveryStatus } from "./conversation.ts";

/** Of two, the later one counts: what has failed was sent, and what has arrived did not fail. */
export const deliveryOrder: readonly DeliveryStatus[] = ["sent", "failed", "delivered", "read", "played"];

export const further = (before: DeliveryStatus | undefined, news: DeliveryStatus): DeliveryStatus =>
  before && deliveryOrder.indexOf(before) > deliveryOrder.indexOf(news) ? before : news;

/** Whether the customer's phone has it. */
export const hasArrived = (status: string | undefined): boolean =>
  status === "delivered" || status === "read" || status === "played";

/** Failed, and yet it arrived: both are facts, and one of them is wrong. */
export const contradict = (before: string | undefined, news: string): boolean =>
  (before === "failed" && hasArrived(news)) || (news === "failed" && hasArrived(before));
