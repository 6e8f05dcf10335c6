/**
 * What each day of a conversation has cost: models in money, for that is what they said; WhatsApp in messages by what
 * Meta bills them as, for their price is a rate card's, and that changes.
 */
import * as z from "zod";
import type { ConversationEvent, EventOf, ModelUse } from "../events/conversation.ts";
import { hasArrived } from "../events/delivery-status.ts";
import { dayOfId } from "./day-of-id.ts";
import { heeds } from "./heeds.ts";
import type { View } from "./view.ts";

export const ModelCosts = z.object({
  /** Whose answer it was, or summary; "none" where it came to nothing. */
  model: z.string(),
  /** Answers, drafts and summaries; tries that failed on the way to one are part of it. */
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  cacheReadTokens: z.int(),
  cacheWriteTokens: z.int(),
  usd: z.number(),
});
export type ModelCosts = z.infer<typeof ModelCosts>;

/** Messages that arrived, by what Meta says it bills them as. */
export const BilledMessages = z.object({
  category: z.string(),
  type: z.string(),
  /** "+34", or "ES"; "unknown" where Hilo can't tell. */
  market: z.string(),
  billable: z.boolean(),
  count: z.int(),
});
export type BilledMessages = z.infer<typeof BilledMessages>;

export const DayCosts = z.object({
  conversationId: z.string(),
  /** UTC. A message's day is the one on which it was asked to be sent. */
  day: z.string(),
  received: z.int(),
  sent: z.int(),
  models: z.array(ModelCosts),
  messages: z.array(BilledMessages),
  /** The ids of the messages that are counted, for each has several statuses. */
  counted: z.array(z.string()),
});
export type DayCosts = z.infer<typeof DayCosts>;

export const costs: View<DayCosts> = {
  name: "costs",
  item: DayCosts,
  heeds: heeds.costs,
  // in no order: a place that moved with each message would cost two writes more
  index: (item) => ({ partition: item.day, sort: "" }),

  touches(event) {
    if (event.type === "ContactErased") return "all";
    const day = dayOf(event, event.at);
    return day === undefined ? [] : [day];
  },

  evolve(before, event) {
    const { type, data, stream, at } = event;
    const day = dayOf(event, at);
    if (type === "ContactErased" || day === undefined) return undefined;
    const item = before ?? empty(stream, day);
    switch (type) {
      case "MessageReceived":
        return { ...item, received: item.received + 1 };
      case "MessageSent":
        return { ...item, sent: item.sent + 1 };
      case "ReplyGenerated":
        return data.use ? { ...item, models: withUse(item.models, authorOf(data), data.use) } : before;
      case "ContextSummarised":
        return data.use ? { ...item, models: withUse(item.models, data.model.id, data.use) } : before;
      case "ReplyWithheld":
        return data.use ? { ...item, models: withUse(item.models, "none", data.use) } : before;
      case "DeliveryStatusReceived":
        return withMessage(item, data);
      default:
        return before;
    }
  },
};

/** In US dollars, of all models. */
export const modelUsd = ({ models }: Pick<DayCosts, "models">): number =>
  models.reduce((sum, { usd }) => sum + usd, 0);

/** Whose answer it was, or would have been, had it been fit to say. */
const authorOf = ({ model, choice }: EventOf<"ReplyGenerated">["data"]): string =>
  model.id === "canned" ? (choice?.passedOver.at(-1)?.id ?? model.id) : model.id;

/** The day that an event counts for; undefined when it costs nothing. */
const dayOf = ({ type, data }: ConversationEvent, at: string): string | undefined => {
  const today = at.slice(0, "YYYY-MM-DD".length);
  switch (type) {
    case "MessageReceived":
      return data.noReply === "history" ? undefined : today;
    case "ReplyGenerated":
    case "ReplyWithheld":
    case "ContextSummarised":
      return data.use ? today : undefined;
    case "MessageSent":
      return dayOfId(data.sendId) ?? today;
    case "DeliveryStatusReceived":
      // Meta bills what is delivered; "sent" says what it would be
      return data.pricing && hasArrived(data.status) ? (dayOfId(data.sendId ?? "") ?? today) : undefined;
    default:
      return undefined;
  }
};

const empty = (conversationId: string, day: string): DayCosts => ({
  conversationId,
  day,
  received: 0,
  sent: 0,
  models: [],
  messages: [],
  counted: [],
});

const withUse = (models: readonly ModelCosts[], model: string, use: ModelUse): ModelCosts[] => {
  const none = { calls: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, usd: 0 };
  const before = models.find((one) => one.model === model) ?? { model, ...none };
  const after = {
    model,
    calls: before.calls + 1,
    inputTokens: before.inputTokens + use.inputTokens,
    outputTokens: before.outputTokens + use.outputTokens,
    cacheReadTokens: before.cacheReadTokens + use.cacheReadTokens,
    cacheWriteTokens: before.cacheWriteTokens + use.cacheWriteTokens,
    usd: before.usd + use.costUsd,
  };
  return [...models.filter((one) => one.model !== model), after];
};

const withMessage = (
  item: DayCosts,
  { messageId, pricing = {}, market = "unknown" }: EventOf<"DeliveryStatusReceived">["data"],
): DayCosts => {
  if (item.counted.includes(messageId)) return item;
  const { category = "unknown", type = "unknown", billable = true } = pricing;
  const isSame = (one: BilledMessages) =>
    one.category === category && one.type === type && one.market === market && one.billable === billable;
  const count = (item.messages.find(isSame)?.count ?? 0) + 1;
  const messages = [
    ...item.messages.filter((one) => !isSame(one)),
    { category, type, market, billable, count },
  ];
  return { ...item, messages, counted: [...item.counted, messageId] };
};
