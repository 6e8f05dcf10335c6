import * as fc from "fast-check";
import type { ConversationEvent } from "../events/conversation.ts";
import {
  echoed,
  identified,
  received,
  replyGenerated,
  sendRequested,
  sendStarted,
  sent,
  started,
  status,
  summarised,
  tookOver,
} from "./samples.ts";
import { after } from "./given.ts";

/**
 * Histories of up to 40 events. Each message and send is named after its place (`m3`, `s3`), and what refers
 * to one may refer to any place, also to where nothing is.
 */
export const anyHistory: fc.Arbitrary<ConversationEvent[]> = fc
  .array(fc.tuple(fc.nat(14), fc.nat(39), fc.lorem({ maxCount: 5 })), { maxLength: 39 })
  .map((steps) => [
    started(),
    ...steps.map(([kind, other, words], index) => happening(kind, index + 1, other, words)),
  ]);

const happening = (kind: number, place: number, other: number, words: string): ConversationEvent => {
  const inbound = { messageId: `u${place}`, digest: `digest-u${place}` };
  const content = { type: "text" as const, text: words };
  const kinds: (() => ConversationEvent)[] = [
    () => received(`m${place}`, { content }),
    () => received(`m${place}`, { content, noReply: "history" }),
    () => echoed(`m${place}`, { content }),
    () => sendRequested(`s${place}`),
    () => sendStarted(`s${other}`),
    () => sent(`s${other}`),
    () => status(`out-s${other}`, other % 2 ? "delivered" : "failed", { sendId: `s${other}` }),
    () => ({
      type: "ReactionReceived",
      data: { ...inbound, to: `m${other}`, ...(other % 2 && { emoji: "🙂" }) },
    }),
    () => ({ type: "MessageEdited", data: { ...inbound, original: `m${other}`, content } }),
    () => ({ type: "MessageRevoked", data: { ...inbound, original: `m${other}`, by: "customer" } }),
    () => (other % 2 ? tookOver() : replyGenerated(`r${place}`, [other])),
    () => (other === 39 ? { type: "ContactErased", data: {} } : identified({ name: words })),
    () => summarised(other, { summary: words, facts: [{ name: `fact-${other % 3}`, value: words }] }),
    () => ({
      type: "SendRequested",
      data: { sendId: `s${place}`, origin: "bot", content, holds: `r${other}` },
    }),
    () =>
      received(`m${place}`, {
        sentAt: after(other * 3_600_000),
        content: { type: "document", media: { mediaId: "1" }, filename: `${words}.pdf` },
      }),
  ];
  return (kinds[kind] ?? started)();
};
