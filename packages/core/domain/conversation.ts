/** The state of a conversation, as far as decisions and metrics need it. Nothing here is shown to anyone. */
import { produce } from "immer";
import type { ConversationEvent, DeliveryStatus, EventOf, Retry } from "../events/conversation.ts";
import { further } from "../events/delivery-status.ts";
import type { RecordedEvent } from "../events/envelope.ts";
import { afterSpending, spentOn, type Spent } from "./spending.ts";
import { evolveDialog, type ActiveDialog } from "./dialog-state.ts";
import { knows, remember, type Seen } from "./seen.ts";

type OutboundContent = EventOf<"SendRequested">["data"]["content"];

export type Send = {
  sendId: string;
  origin: EventOf<"SendRequested">["data"]["origin"];
  type: OutboundContent["type"];
  /** What it says, until it is settled: nothing needs it after that, and it is most of what a snapshot would hold. */
  content?: OutboundContent;
  /** The reply that it asks patience for. */
  holds?: string | undefined;
  requestedVersion: number;
  requestedAt: string;
  /** When the customer wrote what a reply begins to answer with this; of several messages, the newest. */
  askedAt?: string;
  attempt: number;
  /** `started` and `uncertain` may have had their effect; only `requested` may be called. */
  phase: "requested" | "started" | "uncertain" | "parked" | "sent" | "failed";
  startedAt?: string;
  sentAt?: string;
  messageId?: string;
  /** The furthest that WhatsApp has said it came. */
  delivery?: DeliveryStatus;
};

export type Conversation = {
  version: number;
  contactId?: string;
  phoneNumberId?: string;
  contact: { phone?: string; userId?: string; parentUserId?: string; name?: string; username?: string };
  owner: "bot" | "human";
  /** Who the human is, and when they last did something. */
  heldBy?: "nobody-yet" | EventOf<"HumanTookOver">["data"]["from"];
  humanAt?: string;
  /** What the conversation is held in (BCP 47). */
  language?: string;
  /** The version since which a human has it: what the bot asked to send before is not sent after. */
  heldSince: number;
  /** Versions of messages that the bot owes an answer. */
  unanswered: { version: number; at: string; messageId: string; wamid: string }[];
  /** Who is answering, and what their model has asked for, by its id of the call. */
  reply?: {
    replyId: string;
    upTo: number;
    leaseUntil: string;
    calls: Record<string, Pick<EventOf<"ToolUsed">["data"], "outcome" | "reason" | "result">>;
  };
  /** The version at which an answer was last refused for what it costs: what was unanswered then is owed none. */
  refusedAt: number;
  /** On the last day on which anything was spent on answers. */
  spent?: Spent;
  /** What models have taken for it so far, in US dollars. */
  modelUsd: number;
  dialog?: ActiveDialog;
  /** The newest reply's first send, and when what it answers was written. */
  answered?: { sendId: string; askedAt: string };
  /** Versions of what was said since the last summary, the newest `turnsRemembered` at least. */
  turns: number[];
  /** The version that the last summary reaches; 0 before the first. */
  summarisedUpTo: number;
  /** The version at which a message was last edited or taken back. */
  amendedAt: number;
  sends: Record<string, Send>;
  /** How many of them are settled: counting them at each event would make a fold take twice as long. */
  settled: number;
  seen: Seen;
  /** What waits for a person, of which nobody has been told: by the version that asked for one. */
  untold: { version: number; because: EventOf<"PeopleNotified">["data"]["because"]; sendId?: string }[];
  /** When anything last came in, by our clock. */
  lastAt: string;
  /** When the customer last wrote, by WhatsApp's clock: opens the 24-hour service window. */
  lastCustomerAt?: string;
  /** The sender's token bucket, as the instant (ms) at which it is full again. */
  rateFullAt: number;
  /** Nothing is sent to a customer who can't be reached, until they write again. */
  unreachable: boolean;
  /** No templates are sent to a customer who wants none. */
  optedOut: boolean;
  movedTo?: string;
  absorbed: string[];
  erased: boolean;
};

/** Names what `evolve` does: raise it when that changes, and older snapshots are ignored. */
export const reducer = "conversation-13";

export const initial: Conversation = {
  version: 0,
  contact: {},
  owner: "bot",
  heldSince: 0,
  unanswered: [],
  refusedAt: 0,
  modelUsd: 0,
  turns: [],
  summarisedUpTo: 0,
  amendedAt: 0,
  sends: {},
  settled: 0,
  seen: {},
  untold: [],
  lastAt: new Date(0).toISOString(),
  rateFullAt: 0,
  unreachable: false,
  optedOut: false,
  absorbed: [],
  erased: false,
};

/** A sender may write `burst` messages at once, and one more every `intervalMs`, and still be answered. */
export const rate = { burst: 60, intervalMs: 2_000 };

/** Of what waits for an answer, the newest: who writes on when their budget is spent makes no endless state. */
export const unansweredMax = 100;

/** Settled sends that are remembered at least, to place their statuses. */
export const sendsRemembered = 50;
/** How far back a summary that is overdue looks at most: what is older was said too long ago to matter. */
export const turnsRemembered = 200;
/** So many more of either may gather before the oldest are forgotten together: that costs each event little then. */
export const gathered = 25;

/** The state after these events. One draft serves the whole run of them. */
export const fold = (state: Conversation, events: Iterable<RecordedEvent<ConversationEvent>>): Conversation =>
  produce(state, (draft) => {
    for (const event of events) {
      evolve(draft, event);
      draft.version = event.version;
    }
  });

/** The same for events that are decided and not yet recorded. */
export const foldDecided = (
  state: Conversation,
  events: readonly ConversationEvent[],
  at: string,
): Conversation =>
  fold(
    state,
    events.map((event, index) => ({
      ...event,
      stream: "",
      version: state.version + 1 + index,
      at,
      commitId: "",
    })),
  );

const evolve = (state: Conversation, event: RecordedEvent<ConversationEvent>): void => {
  const { type, data, version, at } = event;
  switch (type) {
    case "ConversationStarted":
      state.contactId = data.contactId;
      state.phoneNumberId = data.phoneNumberId;
      return;
    case "ContactIdentified": {
      const { messageId, digest, because: _, ...details } = data;
      Object.assign(state.contact, details);
      if (messageId && digest) know(state, messageId, digest, at);
      return;
    }
    case "MessageReceived":
      know(state, data.messageId, data.digest, at);
      if (!data.groupId) noteTurn(state, version);
      if (data.noReply === "history") return;
      if (!data.noReply) state.rateFullAt = Math.max(state.rateFullAt, Date.parse(at)) + rate.intervalMs;
      if (!state.lastCustomerAt || data.sentAt > state.lastCustomerAt) state.lastCustomerAt = data.sentAt;
      state.unreachable = false;
      if (!data.noReply && state.owner === "bot") {
        state.unanswered.push({ version, at, messageId: data.messageId, wamid: data.wamid });
        if (state.unanswered.length > unansweredMax) state.unanswered.shift();
      }
      return;
    case "MessageEchoed":
      know(state, data.messageId, data.digest, at);
      noteTurn(state, version);
      if (data.by === "person" && !data.history) state.humanAt = at;
      return;
    case "MessageRevoked":
      know(state, data.messageId, data.digest, at);
      state.amendedAt = version;
      state.unanswered = state.unanswered.filter(({ messageId }) => messageId !== data.original);
      return;
    case "MediaStored":
    case "MediaUnavailable": {
      const id = mediaId(data.messageId);
      if (!knows(state.seen, data.messageId) || knows(state.seen, id)) return;
      return remember(state.seen, id, type, at);
    }
    case "MessageEdited":
      know(state, data.messageId, data.digest, at);
      state.amendedAt = version;
      return;
    case "ReactionReceived":
      know(state, data.messageId, data.digest, at);
      return;
    case "DeliveryStatusReceived": {
      know(state, statusId(data.messageId, data.status), data.digest, at);
      const send = data.sendId === undefined ? undefined : state.sends[data.sendId];
      if (send) send.delivery = further(send.delivery, data.status);
      return;
    }
    case "HumanRequested":
      told(state, ({ because }) => because === "human-requested");
      state.untold.push({ version, because: "human-requested" });
      return hold(state, version, at, "nobody-yet");
    case "PeopleNotified":
      return told(state, (waiting) => waiting.version === data.of);
    case "HumanTookOver":
      told(state, ({ because }) => because === "human-requested");
      return hold(state, version, at, data.from);
    case "BotResumed":
      told(state, ({ because }) => because === "human-requested");
      // `heldSince` stays: what the bot had asked to send before is not sent after, either
      state.owner = "bot";
      delete state.heldBy;
      delete state.humanAt;
      return;
    case "ReplyStarted":
      state.reply = { ...data, calls: {} };
      return;
    case "ReplyGenerated": {
      spend(state, at, { use: data.use, replies: 1 });
      const asked = state.unanswered.findLast(({ version }) => data.answers.includes(version));
      if (asked) state.answered = { sendId: data.sendId, askedAt: asked.at };
      state.unanswered = state.unanswered.filter((message) => !data.answers.includes(message.version));
      state.language = data.language;
      delete state.reply;
      return;
    }
    case "ReplyWithheld":
      if (state.reply?.replyId === data.replyId) delete state.reply;
      spend(state, at, {
        use: data.use,
        replies: data.reason === "no-model" || data.reason === "budget-spent" ? 0 : 1,
      });
      if (data.reason === "budget-spent") {
        state.refusedAt = version;
        state.spent = { ...spentOn(state.spent, at), told: true };
      }
      return;
    case "ToolUsed": {
      const { replyId, callId, outcome, reason, result } = data;
      if (state.reply?.replyId === replyId)
        state.reply.calls[callId] = { outcome, ...(reason && { reason }), ...(result && { result }) };
      return;
    }
    case "ContextSummarised":
      spend(state, at, { use: data.use });
      state.summarisedUpTo = data.upTo;
      state.turns = state.turns.filter((turn) => turn > data.upTo);
      return;
    case "ReplyDelayed":
      return;
    case "DialogEntered":
    case "DialogAdvanced":
    case "DialogPaused":
    case "DialogResumed":
    case "DialogLeft":
      return evolveDialog(state, event, at);
    case "SendRequested":
      if (!data.holds) noteTurn(state, version);
      state.settled -= Number(isSettled(state.sends[data.sendId]));
      state.sends[data.sendId] = {
        ...data,
        type: data.content.type,
        requestedVersion: version,
        requestedAt: at,
        ...(state.answered?.sendId === data.sendId && { askedAt: state.answered.askedAt }),
        attempt: 0,
        phase: "requested",
      };
      return;
    case "SendStarted":
      return amend(state, data.sendId, { phase: "started", attempt: data.attempt, startedAt: at });
    case "MessageSent":
      told(state, ({ sendId }) => sendId === data.sendId);
      return amend(state, data.sendId, { phase: "sent", messageId: data.messageId, sentAt: at });
    case "SendFailed":
      return amend(state, data.sendId, { phase: phaseAfter(data.retry) });
    case "SendUncertain":
      return amend(state, data.sendId, { phase: "uncertain" });
    case "SendParked":
      state.untold.push({ version, because: "send-parked", sendId: data.sendId });
      return amend(state, data.sendId, { phase: "parked" });
    case "SendResolved":
      told(state, ({ sendId }) => sendId === data.sendId);
      return amend(state, data.sendId, { phase: "failed" });
    case "ContactMarked":
      if (data.messageId && data.digest) know(state, data.messageId, data.digest, at);
      if (data.as === "unreachable") state.unreachable = true;
      else state.optedOut = data.as === "opted-out";
      return;
    case "ConversationMoved":
      state.movedTo = data.to;
      state.untold = [];
      return;
    case "ConversationAbsorbed":
      state.absorbed.push(data.from);
      for (const [id, digest] of Object.entries(data.seen)) absorb(state, id, digest, at);
      return;
    case "ContactErased":
      state.contact = {};
      state.unanswered = [];
      state.turns = [];
      delete state.dialog;
      delete state.reply;
      state.sends = {};
      state.settled = 0;
      state.untold = [];
      state.erased = true;
      return;
  }
};

const hold = (
  state: Conversation,
  version: number,
  at: string,
  by: NonNullable<Conversation["heldBy"]>,
): void => {
  state.heldSince = version;
  state.owner = "human";
  state.heldBy = by;
  state.humanAt = at;
  state.unanswered = [];
};

const noteTurn = (state: Conversation, version: number): void => {
  state.turns.push(version);
  if (state.turns.length > turnsRemembered + gathered) state.turns = state.turns.slice(-turnsRemembered);
};

/** What people know of, or need not know any more. */
const told = (state: Conversation, is: (waiting: Conversation["untold"][number]) => boolean): void => {
  state.untold = state.untold.filter((waiting) => !is(waiting));
};

/** The id under which it is remembered what became of a message's file. */
export const mediaId = (messageId: string): string => `${messageId}:media`;

/** The id under which one status of one message is remembered. */
export const statusId = (messageId: string, status: DeliveryStatus): string => `${messageId}:${status}`;

const amend = (state: Conversation, sendId: string, change: Partial<Send>): void => {
  const send = state.sends[sendId];
  if (!send) return;
  const was = isSettled(send);
  Object.assign(send, change);
  const is = isSettled(send);
  if (is) delete send.content;
  if (is === was) return;
  state.settled += is ? 1 : -1;
  forgetSettledSends(state);
};

const phaseAfter = (retry: Retry): Send["phase"] => (retry === "later" ? "requested" : "failed");

const spend = (state: Conversation, at: string, what: Parameters<typeof afterSpending>[2]): void => {
  state.spent = afterSpending(state.spent, at, what);
  state.modelUsd += what.use?.costUsd ?? 0;
};

const know = (state: Conversation, id: string, digest: string, at: string): void => {
  remember(state.seen, id, digest, at);
  state.lastAt = at;
};

const absorb = (state: Conversation, id: string, digest: string, at: string): void => {
  if (!knows(state.seen, id)) know(state, id, digest, at);
};

const isSettled = (send: Send | undefined): boolean => send?.phase === "sent" || send?.phase === "failed";

const forgetSettledSends = (state: Conversation): void => {
  if (state.settled <= sendsRemembered + gathered) return;
  const settled = Object.entries(state.sends).filter(([, send]) => isSettled(send));
  for (const [sendId] of settled.slice(0, -sendsRemembered)) delete state.sends[sendId];
  state.settled = sendsRemembered;
};
