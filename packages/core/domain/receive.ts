/** What comes in from WhatsApp: each id at most once, whatever is repeated, late or out of order. */
import type { ConversationEvent, EventOf, NoReply } from "../events/conversation.ts";
import { rate, statusId, type Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";

/** The facts that a webhook may claim. */
export type InboundEvent = EventOf<
  | "MessageReceived"
  | "ReactionReceived"
  | "MessageEdited"
  | "MessageRevoked"
  | "MessageEchoed"
  | "ContactIdentified"
  | "DeliveryStatusReceived"
>;

export type Inbound = {
  event: InboundEvent;
  /** WhatsApp's own id, for a status: it settles a send of which nothing else was heard. */
  wamid?: string;
};

export type Receive = {
  at: string;
  /** Where a conversation begins that doesn't exist yet. Without it (for statuses) none is begun. */
  place?: EventOf<"ConversationStarted">["data"] | undefined;
  /** What this webhook says of the customer. */
  contact: Conversation["contact"];
  inbound: readonly Inbound[];
};

/** Free-form answers are allowed for this long after the customer's last message (Cloud API, 131047). */
export const serviceWindowMs = 24 * 3_600_000;

export const decideReceive = (state: Conversation, command: Receive): Decision => {
  if (state.movedTo) return { rejected: "conversation-moved" };
  const fresh = unseen(state, command.inbound);
  if (fresh.length === 0) return [];
  if (state.version === 0 && !command.place) return { rejected: "no-such-conversation" };
  const facts = withNoReply(state, command.at, fresh).flatMap((inbound) => consequences(state, inbound));
  return [...introduction(state, command, fresh), ...facts];
};

/** The inbound ids that this conversation knows with another digest: other updates under a used id. */
export const reusedIds = (state: Conversation, inbound: readonly Inbound[]): Inbound[] =>
  inbound.filter(({ event }) => {
    const known = state.seen[inboundId(event)];
    return known !== undefined && known.digest !== event.data.digest;
  });

export const inboundId = ({ type, data }: InboundEvent): string =>
  type === "DeliveryStatusReceived" ? statusId(data.messageId, data.status) : (data.messageId ?? "");

const unseen = (state: Conversation, inbound: readonly Inbound[]): Inbound[] => {
  const ids = new Set(Object.keys(state.seen));
  return inbound.filter(({ event }) => {
    const id = inboundId(event);
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  });
};

const introduction = (
  state: Conversation,
  command: Receive,
  fresh: readonly Inbound[],
): ConversationEvent[] => {
  const started: ConversationEvent[] =
    state.version === 0 && command.place ? [{ type: "ConversationStarted", data: command.place }] : [];
  const speaks = fresh.some(
    ({ event }) => event.type !== "DeliveryStatusReceived" && event.type !== "ContactIdentified",
  );
  const news = speaks ? newDetails(state, command.contact) : {};
  const identified: ConversationEvent[] =
    Object.keys(news).length > 0 && !state.erased
      ? [{ type: "ContactIdentified", data: { because: "message", ...news } }]
      : [];
  return [...started, ...identified];
};

const newDetails = (state: Conversation, said: Conversation["contact"]): Conversation["contact"] =>
  Object.fromEntries(
    Object.entries(said).filter(
      ([name, value]) => value !== undefined && state.contact[name as keyof typeof said] !== value,
    ),
  );

/** Marks the messages that the bot will not answer although it could read them. */
const withNoReply = (state: Conversation, at: string, fresh: readonly Inbound[]): Inbound[] => {
  let rateFullAt = state.rateFullAt;
  return fresh.map((inbound) => {
    const { event } = inbound;
    if (event.type !== "MessageReceived" || event.data.noReply === "history") return inbound;
    rateFullAt = Math.max(rateFullAt, Date.parse(at)) + rate.intervalMs;
    const noReply = event.data.noReply ?? reasonNotToReply(event.data.sentAt, at, rateFullAt);
    return noReply ? { ...inbound, event: { ...event, data: { ...event.data, noReply } } } : inbound;
  });
};

const reasonNotToReply = (sentAt: string, at: string, rateFullAt: number): NoReply | undefined => {
  const now = Date.parse(at);
  if (now - Date.parse(sentAt) >= serviceWindowMs) return "service-window-closed";
  if (rateFullAt - now > rate.burst * rate.intervalMs) return "over-rate";
  return undefined;
};

const consequences = (state: Conversation, { event, wamid }: Inbound): ConversationEvent[] => {
  switch (event.type) {
    case "MessageEchoed": {
      const takesOver = event.data.by === "person" && !event.data.history;
      return takesOver ? [event, { type: "HumanTookOver", data: { from: "phone-app" } }] : [event];
    }
    case "DeliveryStatusReceived":
      return placeStatus(state, event, wamid);
    default:
      return [event];
  }
};

/** A status that carries our send's id, or whose message we know, belongs to that send; and proves it sent. */
const placeStatus = (
  state: Conversation,
  event: EventOf<"DeliveryStatusReceived">,
  wamid?: string,
): ConversationEvent[] => {
  const { messageId } = event.data;
  const claimed = event.data.sendId;
  const sendId = claimed && state.sends[claimed] ? claimed : sendOfMessage(state, messageId);
  const { sendId: _, ...data } = event.data;
  const placed: ConversationEvent = { ...event, data: { ...data, ...(sendId && { sendId }) } };
  const phase = sendId && state.sends[sendId]?.phase;
  const settles = phase === "started" || phase === "uncertain" || phase === "parked";
  return sendId && wamid && settles
    ? [{ type: "MessageSent", data: { sendId, messageId, wamid, evidence: "status" } }, placed]
    : [placed];
};

const sendOfMessage = (state: Conversation, messageId: string): string | undefined =>
  Object.entries(state.sends).find(([, send]) => send.messageId === messageId)?.[0];
