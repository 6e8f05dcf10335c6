/** Sending (D9): the attempt is recorded before the call, its outcome after; what is uncertain is never repeated. */
import type { ConversationEvent, EventOf, Remedy, Retry } from "../events/conversation.ts";
import type { Conversation, Send } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import { serviceWindowMs } from "./service-window.ts";
import { templateFor, type Template } from "./templates.ts";

/** What may be sent in place of what can't be, and under which id. */
export type Fallback = { templates: readonly Template[]; newSendId: string };

export type StartSend = {
  at: string;
  sendId: string;
  /** A person has the conversation that this one moved to. */
  isHeldElsewhere?: boolean;
  fallback?: Fallback;
};

/** The next message waits until the one before has arrived, but no longer than this. */
export const orderMs = 10_000;
/** One that was begun is settled or parked by then; one that only waits for its turn may wait for longer. */
export const stuckMs = 5 * 60_000;
export const waitingMs = 3_600_000;

export const decideStartSend = (
  state: Conversation,
  { at, sendId, isHeldElsewhere = false, fallback }: StartSend,
): Decision => {
  const send = state.sends[sendId];
  if (!send || isOver(send)) return [];
  if (send.phase !== "requested") return { rejected: "send-unsettled" };
  const obstacle = reasonNotToSend(state, send, at, isHeldElsewhere);
  if (obstacle) return failure(state, send, obstacle, fallback);
  if (waitsForEarlier(state, send, at)) return { rejected: "earlier-send-under-way" };
  return [{ type: "SendStarted", data: { sendId, attempt: send.attempt + 1 } }];
};

const isOver = ({ phase }: Send): boolean => phase === "sent" || phase === "failed" || phase === "parked";

type Failure = { retry: Retry; reason: string; code?: number | undefined; remedy?: Remedy | undefined };

const reasonNotToSend = (
  state: Conversation,
  send: Send,
  at: string,
  isHeldElsewhere: boolean,
): Failure | undefined => {
  if (state.erased || !recipientOf(state)) return { retry: "never", reason: "no-recipient" };
  if (state.unreachable) return { retry: "never", reason: "recipient-unreachable" };
  if (send.origin === "bot" && (isHeldElsewhere || state.heldSince > send.requestedVersion))
    return { retry: "never", reason: "human-took-over" };
  if (send.holds && !state.unanswered.some(({ version }) => version < send.requestedVersion))
    return { retry: "never", reason: "already-answered" };
  if (send.type === "template") return state.optedOut ? { retry: "never", reason: "opted-out" } : undefined;
  const open = state.lastCustomerAt && Date.parse(at) - Date.parse(state.lastCustomerAt) < serviceWindowMs;
  return open ? undefined : { retry: "template", reason: "service-window-closed" };
};

/** WhatsApp keeps no order between sends, so we do. */
const waitsForEarlier = (state: Conversation, send: Send, at: string): boolean =>
  Object.values(state.sends).some((other) => {
    if (other.requestedVersion >= send.requestedVersion) return false;
    const age = (since = other.requestedAt) => Date.parse(at) - Date.parse(since);
    if (other.phase === "sent") return arrivesLater(other) && age(other.sentAt) < orderMs;
    if (other.phase === "requested") return age() < waitingMs;
    return !isOver(other) && age(other.startedAt) < stuckMs;
  });

const arrivesLater = ({ delivery }: Send): boolean => delivery === undefined || delivery === "sent";

/** What it says. Throws on a send that is settled: of such, nobody may need it. */
export const contentOf = ({ content }: Send): NonNullable<Send["content"]> => {
  if (!content) throw new TypeError("a settled send has no content any more");
  return content;
};

/** How to reach the customer: the phone when it is known, else the business-scoped user id. */
export const recipientOf = ({
  contact: { phone, userId },
}: Conversation): { phone: string } | { userId: string } | undefined =>
  phone ? { phone } : userId ? { userId } : undefined;

/** `attempt` is the call that this is about: of an earlier one, only that it was sent still means anything. */
export type FinishSend = { sendId: string; attempt?: number } & (
  | {
      outcome: "sent";
      messageId: string;
      wamid: string;
      evidence: EventOf<"MessageSent">["data"]["evidence"];
    }
  | ({ outcome: "refused" } & Failure & { fallback?: Fallback })
  | { outcome: "uncertain"; reason: string }
  | { outcome: "parked" }
);

export const decideFinishSend = (state: Conversation, command: FinishSend): Decision => {
  const send = state.sends[command.sendId];
  if (!send || send.phase === "sent") return [];
  const isUnderWay = send.phase === "started" || send.phase === "uncertain";
  const isOfThisCall = command.attempt === undefined || command.attempt === send.attempt;
  if (command.outcome !== "sent" && !(isUnderWay && isOfThisCall)) return [];
  const { sendId } = command;
  switch (command.outcome) {
    case "sent": {
      const { messageId, wamid, evidence } = command;
      return [{ type: "MessageSent", data: { sendId, messageId, wamid, evidence } }];
    }
    case "refused":
      return failure(state, send, command, command.fallback);
    case "uncertain":
      return send.phase === "uncertain"
        ? []
        : [{ type: "SendUncertain", data: { sendId, reason: command.reason } }];
    case "parked":
      return [{ type: "SendParked", data: { sendId } }];
  }
};

/** A failure, and what follows from it: another form, or a mark at the contact. */
const failure = (
  state: Conversation,
  send: Send,
  { retry, reason, code, remedy }: Failure,
  fallback?: Fallback,
): ConversationEvent[] => {
  const { sendId } = send;
  const failed: ConversationEvent = {
    type: "SendFailed",
    data: { sendId, retry, reason, ...(code !== undefined && { code }), ...(remedy && { remedy }) },
  };
  return [
    failed,
    ...(remedy === "mark-contact" ? [marked(sendId, code)] : []),
    ...(retry === "template" ? templateInsteadOf(state, send, fallback) : []),
  ];
};

/** Who wants no marketing may still be answered. */
const marked = (sendId: string, code: number | undefined): ConversationEvent => ({
  type: "ContactMarked",
  data: { as: code === optedOut ? "opted-out" : "unreachable", sendId },
});

const optedOut = 131050;

const insteadOf = (
  { sendId, origin, content }: Pick<Send, "sendId" | "origin"> & Required<Pick<Send, "content">>,
  newSendId: string,
): ConversationEvent => ({
  type: "SendRequested",
  data: { sendId: newSendId, origin, content, insteadOf: sendId },
});

/** What a `failed` status makes of a send that was accepted. */
export const failedLater = (
  state: Conversation,
  sendId: string,
  { remedy, errors }: EventOf<"DeliveryStatusReceived">["data"],
  fallback?: Fallback,
): ConversationEvent[] => {
  const send = state.sends[sendId];
  const windowClosed = errors?.some(({ code }) => code === serviceWindowClosed);
  return [
    ...(remedy === "mark-contact" && !state.unreachable ? [marked(sendId, errors?.[0]?.code)] : []),
    ...(send && windowClosed ? templateInsteadOf(state, send, fallback) : []),
  ];
};

/** One template, however many messages it stands in for; and none of the bot's over a person. */
const templateInsteadOf = (
  state: Conversation,
  send: Send,
  fallback: Fallback | undefined,
): ConversationEvent[] => {
  if (!fallback || (send.origin === "bot" && state.owner === "human")) return [];
  const { lastCustomerAt = "" } = state;
  const hasOne = Object.values(state.sends).some(
    ({ type, phase, requestedAt }) =>
      type === "template" && phase !== "failed" && requestedAt > lastCustomerAt,
  );
  const template = send.type === "template" || hasOne ? undefined : templateFor(state, fallback.templates);
  return template ? [insteadOf({ ...send, content: template }, fallback.newSendId)] : [];
};

const serviceWindowClosed = 131047;

export type ResolveSend = { sendId: string; how: "resend" | "drop"; by: string; newSendId: string };

/** A person decides about a send that nothing has settled: once. Sent again, it is a new intent. */
export const decideResolveSend = (
  state: Conversation,
  { sendId, how, by, newSendId }: ResolveSend,
): Decision => {
  // whoever asks may name anything, `constructor` as well
  const send = Object.hasOwn(state.sends, sendId) ? state.sends[sendId] : undefined;
  if (!send) return { rejected: "no-such-send" };
  if (send.phase !== "parked") return { rejected: "send-not-parked" };
  const resent =
    how === "resend" ? [insteadOf({ ...send, content: contentOf(send), origin: "agent" }, newSendId)] : [];
  const resolved: ConversationEvent = {
    type: "SendResolved",
    data: { sendId, by, ...(how === "resend" && { resentAs: newSendId }) },
  };
  return [resolved, ...resent];
};
