/** Answering: one claim at a time, one answer for all that is unanswered, none over a human (D8). */
import type { ConversationEvent, EventOf, ModelUse, OutboundContent } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import { spentOn } from "./spending.ts";
import { dialogEvents, type DialogFacts, expireDialog, isOverFor, leaveDialog } from "./dialog.ts";

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
  return [...expireDialog(state, at), { type: "ReplyStarted", data: { replyId, upTo, leaseUntil } }];
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
  /** What it does to the dialog that the conversation is in, or enters. */
  dialog?: DialogFacts | undefined;
};

/** A claim that comes to nothing for a reason of our own. `notice` is said once a day, unless the claim is void. */
export type WithholdReply = {
  replyId: string;
  reason: "budget-spent" | "no-model";
  at: string;
  use?: ModelUse | undefined;
  notice?: { sendId: string; content: OutboundContent };
};

export const decideWithholdReply = (
  state: Conversation,
  { replyId, reason, at, use, notice }: WithholdReply,
): Decision => {
  const obsolete = reasonToWithhold(state, replyId);
  const withheld: ConversationEvent = {
    type: "ReplyWithheld",
    data: { replyId, reason: obsolete ?? reason, draft: "", ...(use && { use }) },
  };
  if (obsolete || !notice || spentOn(state.spent, at).told) return [withheld];
  return [withheld, { type: "SendRequested", data: { ...notice, origin: "bot" } }];
};

export type DelayReply = { replyId: string; sendId: string; content: OutboundContent };

/** Asks for patience: once for what is unanswered, whoever answers it and however often it is begun. */
export const decideDelayReply = (state: Conversation, { replyId, sendId, content }: DelayReply): Decision => {
  if (reasonToWithhold(state, replyId)) return [];
  const since = state.unanswered[0]?.version ?? 0;
  const asked = Object.values(state.sends).some(
    ({ holds, requestedVersion }) => holds !== undefined && requestedVersion > since,
  );
  if (asked) return [];
  return [
    { type: "ReplyDelayed", data: { replyId, sendId } },
    { type: "SendRequested", data: { sendId, origin: "bot", content, holds: replyId } },
  ];
};

export const decideFinishReply = (
  state: Conversation,
  { replyId, messages, draft, needsHuman, facts, dialog }: FinishReply,
): Decision => {
  const reason = reasonToWithhold(state, replyId) ?? (isOverFor(state, dialog) ? "overtaken" : undefined);
  const { use } = facts;
  if (reason) return [{ type: "ReplyWithheld", data: { replyId, reason, draft, ...(use && { use }) } }];
  const answers = state.unanswered.map(({ version }) => version);
  const promised = Object.values(state.reply?.calls ?? {}).some(({ outcome }) => outcome === "needs-person");
  const asked: ConversationEvent[] =
    needsHuman || promised ? [{ type: "HumanRequested", data: { replyId } }] : [];
  return [
    { type: "ReplyGenerated", data: { ...facts, replyId, answers } },
    ...(asked.length > 0 ? leaveDialog(state, "human") : dialog ? dialogEvents(state, replyId, dialog) : []),
    ...asked,
    // after HumanRequested, so that the sentence that says so is still the bot's to send
    ...messages.map(({ sendId, content }): ConversationEvent => ({
      type: "SendRequested",
      data: { sendId, origin: "bot", content },
    })),
  ];
};

/** Whether the claim still stands: nobody took the conversation, and nothing newer waits for an answer. */
export const reasonToWithhold = (
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
