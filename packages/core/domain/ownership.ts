/** Who holds the conversation, and who the person behind it is. */
import type { ConversationEvent } from "../events/conversation.ts";
import type { Conversation } from "./conversation.ts";
import type { Decision, Refusal } from "./decision.ts";
import { leaveDialog } from "./dialog.ts";
import { seenIds } from "./seen.ts";

/** The bot answers again. */
export const decideResumeBot = (state: Conversation, { by }: { by: string }): Decision =>
  whyNotHeld(state) ?? (state.owner === "bot" ? [] : [{ type: "BotResumed", data: { by } }]);

/** A person at the agent desk takes the conversation: the bot sends nothing that it had not begun to. */
export const decideTakeOver = (state: Conversation, { by }: { by: string }): Decision =>
  whyNotHeld(state) ??
  (state.owner === "human" && state.heldBy === "agent-desk"
    ? []
    : [{ type: "HumanTookOver", data: { from: "agent-desk", by } }, ...leaveDialog(state, "human")]);

/** Nobody holds what is over: who takes a conversation that has moved would believe the bot silent, and it is not. */
const whyNotHeld = ({ version, erased, movedTo }: Conversation): { rejected: Refusal } | undefined => {
  if (version === 0) return { rejected: "no-such-conversation" };
  if (erased) return { rejected: "contact-erased" };
  return movedTo === undefined ? undefined : { rejected: "conversation-moved" };
};

/** This conversation's customer turned out to be the contact of `to`: no more messages are received here. */
export const decideMove = (state: Conversation, { to }: { to: string }): Decision =>
  state.version === 0 || state.movedTo
    ? []
    : [...leaveDialog(state, "failed"), { type: "ConversationMoved", data: { to } }];

export type Absorb = {
  from: string;
  other: Conversation;
  contactId: string;
  phoneNumberId: string;
  businessAccountId: string;
};

/** Takes over what another stream of the same person has seen, so that its redeliveries are known here. */
export const decideAbsorb = (state: Conversation, { from, other, ...place }: Absorb): Decision => {
  if (state.absorbed.includes(from)) return [];
  const started: Decision = state.version === 0 ? [{ type: "ConversationStarted", data: place }] : [];
  const absorbed: ConversationEvent = {
    type: "ConversationAbsorbed",
    data: { from, seen: seenIds(other.seen) },
  };
  const held = other.owner === "human" && state.owner === "bot" ? [holder(other)] : [];
  return [...started, absorbed, ...held, ...(held.length > 0 ? leaveDialog(state, "human") : [])];
};

/** A human who had the other conversation has this one now. */
const holder = ({ heldBy }: Conversation): ConversationEvent =>
  heldBy === undefined || heldBy === "nobody-yet"
    ? { type: "HumanRequested", data: {} }
    : { type: "HumanTookOver", data: { from: heldBy } };

/** With a version, only what has nothing newer is erased: who has written since it was looked at stays. */
export const decideErase = (state: Conversation, atVersion = state.version): Decision =>
  state.version === 0 || state.erased || state.version !== atVersion
    ? []
    : [{ type: "ContactErased", data: {} }];
