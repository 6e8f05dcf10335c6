/** What the bot is shown before it answers (D11): the last turns, the language, and what is still unanswered. */
import * as z from "zod";
import type { MessageContent } from "../events/content.ts";
import type { OutboundContent } from "../events/conversation.ts";
import type { View } from "./view.ts";

export const ContextTurn = z.object({
  /** The message's, or the send's. */
  id: z.string(),
  version: z.int(),
  from: z.enum(["customer", "business"]),
  at: z.string(),
  kind: z.string(),
  text: z.string().optional(),
});
export type ContextTurn = z.infer<typeof ContextTurn>;

export const Context = z.object({
  version: z.int(),
  language: z.string().optional(),
  turns: z.array(ContextTurn),
});
export type Context = z.infer<typeof Context>;

/** Older turns are forgotten here; they stay in the log. */
export const turnsMax = 40;
/** Characters of one turn that are kept, so that a context fits in one stored item. */
export const turnCharactersMax = 4_096;

export const context: View<Context> = {
  name: "context",
  item: Context,
  touches: (event) => (event.type === "ContactErased" ? "all" : ["context"]),

  evolve(before = { version: 0, turns: [] }, event) {
    const { type, data, version, at } = event;
    const seen = { ...before, version };
    const turn = (
      from: ContextTurn["from"],
      id: string,
      content: MessageContent | OutboundContent,
    ): Context => ({
      ...seen,
      turns: [...seen.turns, { id, version, from, at, ...said(content) }].slice(-turnsMax),
    });
    switch (type) {
      case "MessageReceived":
        return data.groupId ? seen : turn("customer", data.messageId, data.content);
      case "MessageEchoed":
        return turn("business", data.messageId, data.content);
      case "SendRequested":
        return turn("business", data.sendId, data.content);
      case "MessageEdited":
        return {
          ...seen,
          turns: seen.turns.map((before) =>
            before.id === data.original ? edited(before, data.content) : before,
          ),
        };
      case "MessageRevoked":
        return { ...seen, turns: seen.turns.filter(({ id }) => id !== data.original) };
      case "ReplyGenerated":
        return { ...seen, language: data.language };
      case "ContactErased":
        return undefined;
      default:
        return seen;
    }
  },
};

const said = (content: MessageContent | OutboundContent): Pick<ContextTurn, "kind" | "text"> => {
  const text = words(content);
  return { kind: content.type, ...(text && { text: firstCharacters(text) }) };
};

const edited = ({ id, version, from, at }: ContextTurn, content: MessageContent): ContextTurn => ({
  id,
  version,
  from,
  at,
  ...said(content),
});

/** Never the half of a character that takes two units. */
const firstCharacters = (text: string): string =>
  text.slice(0, turnCharactersMax).replace(/[\uD800-\uDBFF]$/, "");

/** What a message says in words, if it says anything. */
export const words = (content: MessageContent | OutboundContent): string | undefined => {
  switch (content.type) {
    case "text":
    case "buttons":
    case "list":
    case "quick-reply":
      return content.text;
    case "button-reply":
    case "list-reply":
      return content.title;
    case "order":
      return content.text;
    case "flow-reply":
      return content.body;
    case "image":
    case "video":
    case "document":
    case "audio":
    case "sticker":
      return content.caption;
    case "location":
      return content.name;
    case "contacts":
    case "call-permission-reply":
    case "welcome":
    case "unsupported":
    case "unknown":
      return undefined;
    case "template":
      return content.parameters.join(" · ");
  }
};
