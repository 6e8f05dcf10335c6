/** One row per conversation: who, how far, who holds it, what was said last. */
import * as z from "zod";
import type { MessageContent } from "../events/content.ts";
import type { OutboundContent } from "../events/conversation.ts";
import { heeds } from "./heeds.ts";
import type { ConversationRecord, View } from "./view.ts";

/** Who has the conversation: the bot, nobody yet though a person is asked for, a person, or another stream. */
export const ConversationState = z.enum(["bot", "needs-human", "human", "moved"]);
export type ConversationState = z.infer<typeof ConversationState>;

export const ConversationSummary = z.object({
  /** The conversation's id: the name of its stream. */
  id: z.string(),
  contactId: z.string(),
  phoneNumberId: z.string(),
  state: ConversationState,
  contact: z.object({
    name: z.string().optional(),
    phone: z.string().optional(),
    username: z.string().optional(),
  }),
  language: z.string().optional(),
  /** How many messages came in and went out. */
  received: z.int(),
  sent: z.int(),
  last: z.object({ from: z.enum(["customer", "business"]), at: z.string(), preview: z.string() }).optional(),
  startedAt: z.string(),
  /** When something was last said, or somebody else took it: what lists are sorted by. */
  updatedAt: z.string(),
  /** Of the last event that changed any of this. */
  version: z.int(),
});
export type ConversationSummary = z.infer<typeof ConversationSummary>;

export const conversationList: View<ConversationSummary> = {
  name: "conversation-list",
  item: ConversationSummary,
  heeds: heeds["conversation-list"],
  index: (summary) => ({ partition: summary.state, sort: summary.updatedAt }),
  touches: (event) => (event.type === "ContactErased" ? "all" : ["summary"]),

  evolve(summary, event) {
    if (event.type === "ConversationStarted")
      return {
        id: event.stream,
        contactId: event.data.contactId,
        phoneNumberId: event.data.phoneNumberId,
        state: "bot",
        contact: {},
        received: 0,
        sent: 0,
        startedAt: event.at,
        updatedAt: event.at,
        version: event.version,
      };
    if (event.type === "ContactErased" || !summary) return undefined;
    const news = change(summary, event);
    if (news === unchanged) return summary;
    const updatedAt = news.last || news.state ? event.at : summary.updatedAt;
    return { ...summary, ...news, updatedAt, version: event.version };
  },
};

const unchanged: Partial<ConversationSummary> = {};

const change = (summary: ConversationSummary, event: ConversationRecord): Partial<ConversationSummary> => {
  const { type, data } = event;
  switch (type) {
    case "ContactIdentified": {
      const { name, phone, username } = data;
      return {
        contact: {
          ...summary.contact,
          ...(name && { name }),
          ...(phone && { phone }),
          ...(username && { username }),
        },
      };
    }
    case "MessageReceived":
      return {
        received: summary.received + 1,
        last: { from: "customer", at: event.at, preview: preview(data.content) },
      };
    case "MessageEchoed":
      return {
        sent: summary.sent + 1,
        last: { from: "business", at: event.at, preview: preview(data.content) },
      };
    case "SendRequested":
      return { last: { from: "business", at: event.at, preview: preview(data.content) } };
    case "MessageSent":
      return { sent: summary.sent + 1 };
    case "ReplyGenerated":
      return data.language === summary.language ? unchanged : { language: data.language };
    case "HumanRequested":
      return { state: "needs-human" };
    case "HumanTookOver":
      return { state: "human" };
    case "BotResumed":
      return { state: "bot" };
    case "ConversationMoved":
      return { state: "moved" };
    default:
      return unchanged;
  }
};

const previewCharacters = 120;

/** A line that says what a message is about. */
export const preview = (content: MessageContent | OutboundContent): string => {
  const words =
    "text" in content && content.text ? content.text : "caption" in content ? content.caption : undefined;
  const label = content.type === "text" ? "" : `[${content.type}] `;
  return [...`${label}${words ?? ("title" in content ? content.title : "")}`.trim()]
    .slice(0, previewCharacters)
    .join("");
};
