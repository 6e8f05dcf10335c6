/** Sends of which nobody knows what became: each waits for a person to send it again, or to drop it. */
import * as z from "zod";
import { OutboundContent } from "../events/conversation.ts";
import { heeds } from "./heeds.ts";
import type { View } from "./view.ts";

export const ParkedSend = z.object({
  conversationId: z.string(),
  sendId: z.string(),
  content: OutboundContent,
  requestedAt: z.string(),
  /** Absent until it is parked. */
  parkedAt: z.string().optional(),
});
export type ParkedSend = z.infer<typeof ParkedSend>;

export const parkedSends: View<ParkedSend> = {
  name: "parked-sends",
  item: ParkedSend,
  heeds: heeds["parked-sends"],

  index: ({ parkedAt }) => (parkedAt === undefined ? undefined : { partition: "parked", sort: parkedAt }),

  touches({ type, data }) {
    switch (type) {
      case "SendRequested":
      case "MessageSent":
      case "SendFailed":
      case "SendParked":
      case "SendResolved":
        return [data.sendId];
      case "ContactErased":
        return "all";
      default:
        return [];
    }
  },

  evolve(send, { type, data, stream, at }) {
    if (type === "SendRequested")
      return { conversationId: stream, sendId: data.sendId, content: data.content, requestedAt: at };
    if (type === "SendParked") return send && { ...send, parkedAt: at };
    if (type === "SendFailed" && data.retry === "later") return send;
    return undefined;
  },
};
