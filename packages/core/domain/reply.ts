/** Answering: one claim at a time, one answer for all that is unanswered, none over a human (D8). */
import type { ConversationEvent, EventOf, OutboundContent } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";

export type StartReply = {
  at: string;
  replyId: string;
  /** The message that asks for it. Only the newest unanswered one gets an answer, for all. */
  version: number;
  leaseMs: number;
};

export const decideStartReply = (
  state: Conversation,
  { at, replyId, version, leaseMs }: StartReply,
): Decision => {
  const upTo = newestUnanswered(state);
  // a newer message's own event brings the answer to this one, too; a newer one taken back brings none
  if (state.erased || state.owner === "human" || upTo === undefined || upTo > version) return [];
  const { reply } = state;
  const claimed = reply && reply.upTo >= upTo && reply.leaseUntil > at;
  if (claimed) return { rejected: "reply-in-progress" };
  const leaseUntil = new Date(Date.parse(at) + leaseMs).toISOString();
  return [{ type: "ReplyStarted", data: { replyId, upTo, leaseUntil } }];
};

export type FinishReply = {
  replyId: string;
  /** What the answer says: one message, unless WhatsApp's limits want more. */
  messages: readonly { sendId: string; content: OutboundContent }[];
  /** The same as words, for whoever may want a withheld draft. */
  draft: string;
  /** The answer needs a person to go on. */
  needsHuman: boolean;
  facts: Omit<EventOf<"ReplyGenerated">["data"], "replyId" | "answers">;
};

export const decideFinishReply = (
  state: Conversation,
  { replyId, messages, draft, needsHuman, facts }: FinishReply,
): Decision => {
  const reason = reasonToWithhold(state, replyId);
  if (reason) return [{ type: "ReplyWithheld", data: { replyId, reason, draft } }];
  const answers = state.unanswered.map(({ version }) => version);
  const asked: ConversationEvent[] = needsHuman ? [{ type: "HumanRequested", data: { replyId } }] : [];
  return [
    { type: "ReplyGenerated", data: { ...facts, replyId, answers } },
    ...asked,
    // after HumanRequested, so that the sentence that says so is still the bot's to send
    ...messages.map(({ sendId, content }): ConversationEvent => ({
      type: "SendRequested",
      data: { sendId, origin: "bot", content },
    })),
  ];
};

/** Whether the claim still stands: nobody took the conversation, and nothing newer waits for an answer. */
const reasonToWithhold = (
  state: Conversation,
  replyId: string,
): EventOf<"ReplyWithheld">["data"]["reason"] | undefined => {
  if (state.erased) return "erased";
  if (state.owner === "human") return "human-took-over";
  if (state.reply?.replyId !== replyId) return "overtaken";
  const { upTo } = state.reply;
  const newest = newestUnanswered(state) ?? 0;
  // the newest was taken back: the draft would answer it all the same
  if (newest < upTo) return "overtaken";
  return newest > upTo ? "newer-message" : undefined;
};

export const newestUnanswered = (state: Conversation): number | undefined => state.unanswered.at(-1)?.version;
