/** What comes in from WhatsApp: each id at most once, whatever is repeated, late or out of order. */
import type { ConversationEvent, EventOf, NoReply } from "../events/conversation.ts";
import { contradict } from "../events/delivery-status.ts";
import { foldDecided, rate, statusId, type Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";
import { marketOf } from "./market.ts";
import { leaveDialog } from "./dialog.ts";
import { digestOf, knows } from "./seen.ts";
import { failedLater, type Fallback } from "./send.ts";
import { serviceWindowMs } from "./service-window.ts";

/** The facts that a webhook may claim. */
export type InboundEvent = EventOf<
  | "MessageReceived"
  | "ReactionReceived"
  | "MessageEdited"
  | "MessageRevoked"
  | "MessageEchoed"
  | "ContactIdentified"
  | "ContactMarked"
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
  /** A human who has done nothing for this long has let go of the conversation. Never, when absent. */
  handBackMs?: number;
  /** What to send in place of what can't be delivered. */
  fallback?: Fallback;
};

export const decideReceive = (state: Conversation, command: Receive): Decision => {
  // statuses, which bring no place, still belong to what was sent from here
  if (command.place && state.movedTo) return { rejected: "conversation-moved" };
  if (command.place && state.erased) return { rejected: "contact-erased" };
  const fresh = unseen(state, command.inbound);
  if (fresh.length === 0) return [];
  if (state.version === 0 && !command.place) return { rejected: "no-such-conversation" };
  const facts = introduction(state, command, fresh);
  let current = state;
  for (const inbound of withNoReply(state, command.at, fresh)) {
    const following = consequences(current, command, inbound);
    facts.push(...following);
    if (following.some(({ type }) => mattersToTheNext.has(type)))
      current = foldDecided(current, following, command.at);
  }
  return facts;
};

/** What the decision about the next update of the same webhook must know of. */
const mattersToTheNext: ReadonlySet<ConversationEvent["type"]> = new Set([
  "HumanTookOver",
  "BotResumed",
  "ContactMarked",
  "MessageSent",
  "DeliveryStatusReceived",
  "SendRequested",
]);

/** The inbound ids that this conversation knows with another digest: other updates under a used id. */
export const reusedIds = (state: Conversation, inbound: readonly Inbound[]): Inbound[] =>
  inbound.filter(({ event }) => {
    const known = digestOf(state.seen, inboundId(event));
    return known !== undefined && known !== event.data.digest;
  });

const inboundId = ({ type, data }: InboundEvent): string =>
  type === "DeliveryStatusReceived" ? statusId(data.messageId, data.status) : (data.messageId ?? "");

const unseen = (state: Conversation, inbound: readonly Inbound[]): Inbound[] => {
  const among = new Set<string>();
  return inbound.filter(({ event }) => {
    const id = inboundId(event);
    if (among.has(id) || knows(state.seen, id)) return false;
    among.add(id);
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
    if (event.type !== "MessageReceived" || event.data.noReply) return inbound;
    const fullAt = Math.max(rateFullAt, Date.parse(at)) + rate.intervalMs;
    const noReply = reasonNotToReply(event.data.sentAt, at, fullAt);
    // only what may be answered takes from the rate: a flood is over as soon as it stops
    if (!noReply) rateFullAt = fullAt;
    return noReply ? { ...inbound, event: { ...event, data: { ...event.data, noReply } } } : inbound;
  });
};

const reasonNotToReply = (sentAt: string, at: string, rateFullAt: number): NoReply | undefined => {
  const now = Date.parse(at);
  if (now - Date.parse(sentAt) >= serviceWindowMs) return "service-window-closed";
  if (rateFullAt - now > rate.burst * rate.intervalMs) return "over-rate";
  return undefined;
};

const consequences = (
  state: Conversation,
  command: Receive,
  { event, wamid }: Inbound,
): ConversationEvent[] => {
  switch (event.type) {
    case "MessageReceived":
      return withOwner(state, command, event);
    case "MessageEchoed": {
      const takesOver = event.data.by === "person" && !event.data.history;
      return takesOver
        ? [event, { type: "HumanTookOver", data: { from: "phone-app" } }, ...leaveDialog(state, "human")]
        : [event];
    }
    case "DeliveryStatusReceived":
      return placeStatus(state, command, event, wamid);
    default:
      return [event];
  }
};

/** Meta's own agent has the conversation while messages come as `standby`; others hand back by time (D9). */
const withOwner = (
  state: Conversation,
  command: Receive,
  event: EventOf<"MessageReceived">,
): ConversationEvent[] => {
  if (event.data.noReply === "standby")
    return state.owner === "human"
      ? [event]
      : [event, { type: "HumanTookOver", data: { from: "meta-agent" } }, ...leaveDialog(state, "human")];
  if (event.data.noReply || state.owner === "bot") return [event];
  const by = state.heldBy === "meta-agent" ? "meta-agent" : isForgotten(state, command) ? "timer" : undefined;
  return by ? [{ type: "BotResumed", data: { by } }, event] : [event];
};

const isForgotten = ({ humanAt }: Conversation, { at, handBackMs }: Receive): boolean =>
  handBackMs !== undefined && humanAt !== undefined && Date.parse(at) - Date.parse(humanAt) >= handBackMs;

/** A status that carries our send's id, or whose message we know, belongs to that send; and proves it sent. */
const placeStatus = (
  state: Conversation,
  { fallback }: Receive,
  event: EventOf<"DeliveryStatusReceived">,
  wamid?: string,
): ConversationEvent[] => {
  const { sendId: claimed, ...said } = event.data;
  const market = said.pricing && marketOf(state.contact);
  const data = { ...said, ...(market !== undefined && { market }) };
  const { messageId } = data;
  const sendId = claimed && state.sends[claimed] ? claimed : sendOfMessage(state, messageId);
  const send = sendId === undefined ? undefined : state.sends[sendId];
  if (!sendId || !send) return [{ ...event, data: { ...event.data, ...data } }];
  const contradicts = contradict(send.delivery, data.status) && { contradicts: true };
  const proven: ConversationEvent[] =
    send.phase !== "sent" && wamid
      ? [{ type: "MessageSent", data: { sendId, messageId, wamid, evidence: "status" } }]
      : [];
  const followUp = data.status === "failed" ? failedLater(state, sendId, data, fallback) : [];
  return [...proven, { ...event, data: { ...data, sendId, ...contradicts } }, ...followUp];
};

const sendOfMessage = (state: Conversation, messageId: string): string | undefined =>
  Object.entries(state.sends).find(([, send]) => send.messageId === messageId)?.[0];
