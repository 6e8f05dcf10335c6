/** Structured dialogs: entering, leaving and resuming one are facts, decided together with the reply that says so. */
import type { ConversationEvent, EventOf } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { ActiveDialog } from "./dialog-state.ts";
import { serviceWindowMs } from "./service-window.ts";

/** What a reply does to a dialog. */
export type DialogFacts = {
  dialogId: string;
  /** It begins with this reply; whichever other was under way is given up. */
  enters?: { flow: string; source: ActiveDialog["source"] };
  /** Absent where it only pauses: the customer spoke of something else. */
  turn?: DialogTurnFacts;
};

export type DialogTurnFacts =
  | { leads: "on"; phase: EventOf<"DialogAdvanced">["data"]["phase"]; slot?: string; state: string }
  | { leads: "out"; because: Left; slots?: string };

type Left = EventOf<"DialogLeft">["data"]["because"];

/** What follows from a reply for the dialog. None of it when the facts are of a dialog that is over. */
export const dialogEvents = (
  { dialog }: Conversation,
  replyId: string,
  facts: DialogFacts,
): ConversationEvent[] => {
  const { dialogId, enters, turn } = facts;
  if (enters) {
    const entered: ConversationEvent = { type: "DialogEntered", data: { dialogId, ...enters, replyId } };
    const given = dialog ? [left(dialog.dialogId, "cancelled")] : [];
    return [...given, entered, ...(turn ? [turned(dialogId, replyId, turn)] : [])];
  }
  if (dialog?.dialogId !== dialogId) return [];
  const about = { dialogId, replyId };
  if (!turn) return dialog.paused ? [] : [{ type: "DialogPaused", data: about }];
  const resumed: ConversationEvent[] = dialog.paused ? [{ type: "DialogResumed", data: about }] : [];
  return [...resumed, turned(dialogId, replyId, turn)];
};

/** Whether the reply leads a dialog that has ended meanwhile: what it says no longer holds. */
export const isOverFor = ({ dialog }: Conversation, facts: DialogFacts | undefined): boolean =>
  facts?.turn !== undefined && !facts.enters && dialog?.dialogId !== facts.dialogId;

/** It ends for a reason outside of it: "human", because a person leads the conversation themselves. */
export const leaveDialog = ({ dialog }: Conversation, because: Left): ConversationEvent[] =>
  dialog ? [left(dialog.dialogId, because)] : [];

/** A flow that nobody has spoken of for 24 hours is over: the customer has long turned to other things. */
export const expireDialog = ({ dialog }: Conversation, at: string): ConversationEvent[] =>
  dialog && Date.parse(at) - Date.parse(dialog.at) >= serviceWindowMs
    ? [left(dialog.dialogId, "expired")]
    : [];

const turned = (dialogId: string, replyId: string, turn: DialogTurnFacts): ConversationEvent => {
  if (turn.leads === "out") {
    const { because, slots } = turn;
    return { type: "DialogLeft", data: { dialogId, because, ...(slots !== undefined && { slots }) } };
  }
  const { phase, slot, state } = turn;
  return {
    type: "DialogAdvanced",
    data: { dialogId, replyId, phase, ...(slot !== undefined && { slot }), state },
  };
};

const left = (dialogId: string, because: Left): ConversationEvent => ({
  type: "DialogLeft",
  data: { dialogId, because },
});
