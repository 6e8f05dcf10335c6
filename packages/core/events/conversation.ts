/**
 * Facts of one conversation. The names here are the storage format: add, never rename or remove.
 * `messageId` is a keyed hash of WhatsApp's own id (`wamid`), which holds the phone number in base64
 * and so is personal data. `digest` tells a redelivery from another update that reuses its id.
 */
import * as z from "zod";
import { MessageContent, MetaError, Referral } from "./content.ts";
import { pii } from "./pii.ts";

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), data: z.object(shape) });

const instant = () => z.iso.datetime();
/** WhatsApp's clock, clamped to ours; this says when it had to be. */
const clock = z.enum(["future", "missing"]).optional();
const inbound = {
  messageId: z.string(),
  digest: z.string(),
  /** Fields that this version doesn't know, as a JSON string. */
  unknownFields: pii(z.string()).optional(),
};

export const ConversationStarted = event("ConversationStarted", {
  contactId: z.string(),
  phoneNumberId: z.string(),
  businessAccountId: z.string(),
});

/** Who the customer is said to be, whenever that is new. Any of the ways to reach them may be missing. */
export const ContactIdentified = event("ContactIdentified", {
  /** Present when a system message said so, absent when the details came with an ordinary message. */
  messageId: z.string().optional(),
  digest: z.string().optional(),
  because: z.enum(["message", "number-changed", "user-id-changed", "identity-changed"]),
  phone: pii(z.string()).optional(),
  userId: pii(z.string()).optional(),
  parentUserId: pii(z.string()).optional(),
  name: pii(z.string()).optional(),
  username: pii(z.string()).optional(),
});

/** Why a message is kept but never answered by the bot. */
export const NoReply = z.enum(["history", "standby", "group", "service-window-closed", "over-rate"]);
export type NoReply = z.infer<typeof NoReply>;

export const MessageReceived = event("MessageReceived", {
  ...inbound,
  wamid: pii(z.string()),
  sentAt: instant(),
  clock,
  content: MessageContent,
  inReplyTo: z.string().optional(),
  forwarded: z.boolean().optional(),
  referredProduct: z.object({ catalogId: z.string(), productId: z.string() }).optional(),
  referral: Referral.optional(),
  groupId: z.string().optional(),
  noReply: NoReply.optional(),
});

/** The file of a message is kept: sealed with the person's key, under `mediaKey` in the media store. */
export const MediaStored = event("MediaStored", {
  messageId: z.string(),
  mediaKey: z.string(),
  /** As WhatsApp says: nobody has looked whether the bytes are that. */
  mimeType: z.string().optional(),
  sizeBytes: z.int(),
});

/** The file of a message could not be had, and never will be. */
export const MediaUnavailable = event("MediaUnavailable", {
  messageId: z.string(),
  /** `expired`: WhatsApp has it no more; `refused`: it gives no file under that id, or one that we don't take. */
  reason: z.enum(["expired", "too-large", "refused"]),
});

export const ReactionReceived = event("ReactionReceived", {
  ...inbound,
  to: z.string(),
  /** Absent when the reaction was taken back. */
  emoji: pii(z.string()).optional(),
});

export const MessageEdited = event("MessageEdited", {
  ...inbound,
  original: z.string(),
  content: MessageContent,
  /** Absent means the customer. */
  by: z.enum(["customer", "business"]).optional(),
});

export const MessageRevoked = event("MessageRevoked", {
  ...inbound,
  original: z.string(),
  by: z.enum(["customer", "business"]),
});

/** The business wrote from its phone app, or another of its programs did. */
export const MessageEchoed = event("MessageEchoed", {
  ...inbound,
  sentAt: instant(),
  clock,
  content: MessageContent,
  by: z.enum(["person", "bot"]),
  /** Synced from before the number was connected: says nothing about who holds the conversation now. */
  history: z.boolean().optional(),
});

/** What an error of WhatsApp's asks of us besides: Cloud API, "Error codes". */
export const Remedy = z.enum([
  /** The number sends too much: all its sends slow down. */
  "slow-number",
  /** This customer gets too much: only sends to them wait, longer each time. */
  "slow-pair",
  /** The customer can't be reached, or does not want to be: nothing more is sent to them unasked. */
  "mark-contact",
  /** Our account or number is not allowed to send: nothing is, until a person has seen to it. */
  "stop-number",
  /** Our request was wrong: somebody who writes the program must look. */
  "alert-developer",
]);
export type Remedy = z.infer<typeof Remedy>;

export const DeliveryStatus = z.enum(["sent", "delivered", "read", "played", "failed"]);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

export const DeliveryStatusReceived = event("DeliveryStatusReceived", {
  ...inbound,
  sendId: z.string().optional(),
  status: DeliveryStatus,
  occurredAt: instant(),
  clock,
  errors: z.array(MetaError).optional(),
  pricing: z
    .object({
      model: z.string().optional(),
      type: z.string().optional(),
      category: z.string().optional(),
      billable: z.boolean().optional(),
    })
    .optional(),
  origin: z.string().optional(),
  /** Where the customer is billed as, by the country calling code of their phone: "+34". */
  market: z.string().optional(),
  remedy: Remedy.optional(),
  /** WhatsApp has said the opposite before: failed and delivered. Both are kept. */
  contradicts: z.boolean().optional(),
});

/** The customer needs a person; `replyId` is the answer that says so, absent where another conversation's was. */
export const HumanRequested = event("HumanRequested", { replyId: z.string().optional() });

/** People were told that the conversation waits for one of them: of event `of`, once for each way that worked. */
export const PeopleNotified = event("PeopleNotified", {
  of: z.int(),
  because: z.enum(["human-requested", "send-parked"]),
  channels: z.array(z.string()),
  /** The ways that did not. */
  failed: z.array(z.string()),
});

export const HumanTookOver = event("HumanTookOver", {
  from: z.enum(["phone-app", "agent-desk", "meta-agent"]),
  /** Who, as the agent desk knows them. */
  by: z.string().optional(),
});

export const BotResumed = event("BotResumed", { by: z.string() });

/** A claim: until `leaseUntil`, whoever holds `replyId` answers everything up to version `upTo`. */
export const ReplyStarted = event("ReplyStarted", {
  replyId: z.string(),
  upTo: z.int(),
  leaseUntil: instant(),
});

/** What a model's work took: tokens as the model counts them, money by the price list of its catalogue. */
export const ModelUse = z.object({
  /** Read anew: neither from the prompt cache nor written to it. */
  inputTokens: z.int(),
  outputTokens: z.int(),
  cacheReadTokens: z.int(),
  cacheWriteTokens: z.int(),
  costUsd: z.number(),
  durationMs: z.int(),
});
export type ModelUse = z.infer<typeof ModelUse>;

export const Sentiment = z.enum(["positive", "neutral", "negative", "mixed"]);
export type Sentiment = z.infer<typeof Sentiment>;

export const ReplyGenerated = event("ReplyGenerated", {
  replyId: z.string(),
  sendId: z.string(),
  /** Versions of the messages that this answers. */
  answers: z.array(z.int()),
  language: z.string(),
  intent: z.string(),
  confidence: z.number(),
  sources: z.array(z.string()),
  model: z.object({
    id: z.string(),
    source: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  promptHash: z.string(),
  /** The version of the context that the model was shown. */
  contextVersion: z.int(),
  /** As the model judges it; absent where it doesn't. */
  sentiment: Sentiment.optional(),
  /** Why this model: the policy's reason, and those that were passed over or failed before it, in order. */
  choice: z
    .object({ reason: z.string(), passedOver: z.array(z.object({ id: z.string(), reason: z.string() })) })
    .optional(),
  /** Of all calls for this answer, those that failed included. */
  use: ModelUse.optional(),
  /** Milliseconds by step, such as { waited: 710, context: 12, model: 840 }. */
  steps: z.record(z.string(), z.int()).optional(),
});

/** The answer takes longer than a customer should wait in silence: a holding reply goes out, once. */
export const ReplyDelayed = event("ReplyDelayed", { replyId: z.string(), sendId: z.string() });

/** The model asked for a tool, and the domain decided. Arguments and result are JSON. */
export const ToolUsed = event("ToolUsed", {
  replyId: z.string(),
  callId: z.string(),
  tool: z.string(),
  arguments: pii(z.string()),
  outcome: z.enum(["answered", "refused", "needs-person", "failed"]),
  /** A kebab-case refusal, where there is one. */
  reason: z.string().optional(),
  result: pii(z.string()).optional(),
});

/** A structured dialog (a flow of slots, such as a reservation) began. */
export const DialogEntered = event("DialogEntered", {
  dialogId: z.string(),
  flow: z.string(),
  /** Who leads it: Lex, or the flows of a file. */
  source: z.enum(["lex", "offline"]),
  replyId: z.string(),
});

/** One turn of it. `state` is all that the next turn needs, as JSON. */
export const DialogAdvanced = event("DialogAdvanced", {
  dialogId: z.string(),
  replyId: z.string(),
  phase: z.enum(["eliciting", "confirming"]),
  /** The slot that is asked for. */
  slot: z.string().optional(),
  state: pii(z.string()),
});

/** The customer spoke of something else; the flow waits where it was. */
export const DialogPaused = event("DialogPaused", { dialogId: z.string(), replyId: z.string() });

/** The customer came back to it. */
export const DialogResumed = event("DialogResumed", { dialogId: z.string(), replyId: z.string() });

/** It ended, one way or another. */
export const DialogLeft = event("DialogLeft", {
  dialogId: z.string(),
  because: z.enum(["fulfilled", "declined", "cancelled", "failed", "expired", "human"]),
  /** What was agreed on, as JSON: only of a fulfilled one. */
  slots: pii(z.string()).optional(),
});

/** Everything up to `upTo`, in fewer words: the floor that later answers stand on (D11). */
export const ContextSummarised = event("ContextSummarised", {
  upTo: z.int(),
  summary: pii(z.string()),
  /** What the customer has said of themselves that will still matter, by a short English name. */
  facts: z.array(z.object({ name: z.string(), value: pii(z.string()) })),
  openQuestions: z.array(pii(z.string())),
  model: z.object({ id: z.string(), source: z.string() }),
  promptHash: z.string(),
  use: ModelUse.optional(),
});

/** No answer goes out. A draft, where there is one, is kept as a suggestion. */
export const ReplyWithheld = event("ReplyWithheld", {
  replyId: z.string(),
  reason: z.enum([
    "newer-message",
    "human-took-over",
    "overtaken",
    "erased",
    /** What may be spent on this customer, or on all, in a day is spent. */
    "budget-spent",
    /** None could be reached: it is tried again. */
    "no-model",
  ]),
  draft: pii(z.string()),
  /** What was spent in vain. */
  use: ModelUse.optional(),
});

/** A choice that the customer taps. The id comes back with the answer. */
const choice = { id: z.string().min(1), title: pii(z.string().min(1)) };

/** A file to send, uploaded to WhatsApp before: the id works for 30 days. */
const outboundMedia = <Type extends string>(type: Type) =>
  z.object({ type: z.literal(type), mediaId: z.string(), caption: pii(z.string()).optional() });

/** What the business says. Meta's limits on each are in `clients/whatsapp/limits.ts`. */
export const OutboundContent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: pii(z.string().min(1)) }),
  z.object({ type: z.literal("buttons"), text: pii(z.string().min(1)), buttons: z.array(z.object(choice)) }),
  z.object({
    type: z.literal("list"),
    text: pii(z.string().min(1)),
    /** What opens the list. */
    button: z.string().min(1),
    rows: z.array(z.object({ ...choice, description: pii(z.string()).optional() })),
  }),
  outboundMedia("image"),
  outboundMedia("video"),
  outboundMedia("audio"),
  outboundMedia("document").extend({ filename: pii(z.string()).optional() }),
  /** The only form that may be sent when the service window is closed. Approved by Meta beforehand. */
  z.object({
    type: z.literal("template"),
    name: z.string(),
    language: z.string(),
    /** In the order of the body's placeholders. */
    parameters: z.array(pii(z.string())),
  }),
]);
export type OutboundContent = z.infer<typeof OutboundContent>;

/** The intent to send: at most one visible message ever comes of it. */
export const SendRequested = event("SendRequested", {
  sendId: z.string(),
  origin: z.enum(["bot", "agent"]),
  content: OutboundContent,
  /** The reply that it asks patience for: it answers nothing. */
  holds: z.string().optional(),
  /** The send in whose place this one is: what could not be sent in its form, or was parked. */
  insteadOf: z.string().optional(),
});

export const SendStarted = event("SendStarted", { sendId: z.string(), attempt: z.int() });

export const MessageSent = event("MessageSent", {
  sendId: z.string(),
  messageId: z.string(),
  wamid: pii(z.string()),
  /** How we know. */
  evidence: z.enum(["response", "status", "history"]),
});

/** What may be done about a failed send. */
export const Retry = z.enum(["later", "never", "template", "other-form"]);
export type Retry = z.infer<typeof Retry>;

export const SendFailed = event("SendFailed", {
  sendId: z.string(),
  retry: Retry,
  reason: z.string(),
  code: z.int().optional(),
  remedy: Remedy.optional(),
});

/** The call may or may not have had its effect: it is never simply repeated. */
export const SendUncertain = event("SendUncertain", { sendId: z.string(), reason: z.string() });

/** Nothing settled an uncertain send in time: a person decides. */
export const SendParked = event("SendParked", { sendId: z.string() });

/** A person has decided about a parked send. Sent again, it is a send of its own, `resentAs`. */
export const SendResolved = event("SendResolved", {
  sendId: z.string(),
  by: z.string(),
  resentAs: z.string().optional(),
});

/** The customer can't be reached, or has asked not to be written to, until they write again. */
export const ContactMarked = event("ContactMarked", {
  /** Present when the customer said so in their preferences. */
  messageId: z.string().optional(),
  digest: z.string().optional(),
  as: z.enum(["unreachable", "opted-out", "opted-in"]),
  sendId: z.string().optional(),
});

/** The same person as another contact: this stream takes no more messages, `to` does. */
export const ConversationMoved = event("ConversationMoved", { to: z.string() });

/** `seen` are the inbound ids of the other stream, so that their redelivery is known here too. */
export const ConversationAbsorbed = event("ConversationAbsorbed", {
  from: z.string(),
  seen: z.record(z.string(), z.string()),
});

export const ContactErased = event("ContactErased", {});

export const ConversationEvent = z.discriminatedUnion("type", [
  ConversationStarted,
  ContactIdentified,
  MessageReceived,
  MediaStored,
  MediaUnavailable,
  ReactionReceived,
  MessageEdited,
  MessageRevoked,
  MessageEchoed,
  DeliveryStatusReceived,
  HumanRequested,
  PeopleNotified,
  HumanTookOver,
  BotResumed,
  ReplyStarted,
  ReplyGenerated,
  ReplyWithheld,
  ReplyDelayed,
  ToolUsed,
  DialogEntered,
  DialogAdvanced,
  DialogPaused,
  DialogResumed,
  DialogLeft,
  ContextSummarised,
  SendRequested,
  SendStarted,
  MessageSent,
  SendFailed,
  SendUncertain,
  SendParked,
  SendResolved,
  ContactMarked,
  ConversationMoved,
  ConversationAbsorbed,
  ContactErased,
]);
export type ConversationEvent = z.infer<typeof ConversationEvent>;

/** The event of one type: `EventOf<"MessageReceived">`. */
export type EventOf<Type extends ConversationEvent["type"]> = Extract<ConversationEvent, { type: Type }>;
