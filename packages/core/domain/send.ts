/** Sending (D9): the attempt is recorded before the call, its outcome after; what is uncertain is never repeated. */
import type { ConversationEvent, EventOf, Remedy, Retry } from "../events/conversation.ts";
import type { Conversation, Recipient, Send } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import { serviceWindowMs } from "./receive.ts";

export type StartSend = { at: string; sendId: string };

export const decideStartSend = (state: Conversation, { at, sendId }: StartSend): Decision => {
  const send = state.sends[sendId];
  if (!send || send.phase === "sent" || send.phase === "failed" || send.phase === "parked") return [];
  if (send.phase !== "requested") return { rejected: "send-unsettled" };
  const obstacle = reasonNotToSend(state, send, at);
  return obstacle
    ? [{ type: "SendFailed", data: { sendId, ...obstacle } }]
    : [{ type: "SendStarted", data: { sendId, attempt: send.attempt + 1 } }];
};

const reasonNotToSend = (
  state: Conversation,
  send: Send,
  at: string,
): { retry: Retry; reason: string } | undefined => {
  if (!recipientOf(state)) return { retry: "never", reason: "no-recipient" };
  if (send.origin === "bot" && state.heldSince > send.requestedVersion)
    return { retry: "never", reason: "human-took-over" };
  const open = state.lastCustomerAt && Date.parse(at) - Date.parse(state.lastCustomerAt) < serviceWindowMs;
  return open ? undefined : { retry: "template", reason: "service-window-closed" };
};

/** How to reach the customer: the phone when it is known, else the business-scoped user id. */
export const recipientOf = ({ contact: { phone, userId } }: Conversation): Recipient | undefined =>
  phone ? { phone } : userId ? { userId } : undefined;

export type FinishSend = { sendId: string } & (
  | {
      outcome: "sent";
      messageId: string;
      wamid: string;
      evidence: EventOf<"MessageSent">["data"]["evidence"];
    }
  | { outcome: "refused"; retry: Retry; reason: string; code?: number; remedy?: Remedy }
  | { outcome: "uncertain"; reason: string }
  | { outcome: "parked" }
);

export const decideFinishSend = (state: Conversation, command: FinishSend): Decision => {
  const phase = state.sends[command.sendId]?.phase;
  if (phase !== "started" && phase !== "uncertain") return [];
  return [outcome(command)].filter((event) => !(event.type === "SendUncertain" && phase === "uncertain"));
};

const outcome = (command: FinishSend): ConversationEvent => {
  const { sendId } = command;
  switch (command.outcome) {
    case "sent": {
      const { messageId, wamid, evidence } = command;
      return { type: "MessageSent", data: { sendId, messageId, wamid, evidence } };
    }
    case "refused": {
      const { outcome: _, ...failed } = command;
      return { type: "SendFailed", data: failed };
    }
    case "uncertain":
      return { type: "SendUncertain", data: { sendId, reason: command.reason } };
    case "parked":
      return { type: "SendParked", data: { sendId } };
  }
};
