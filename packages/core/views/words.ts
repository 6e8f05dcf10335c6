import type { MessageContent } from "../events/content.ts";
import type { OutboundContent } from "../events/conversation.ts";

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

/** Never the half of a character that takes two units. */
export const firstCharacters = (text: string, max: number): string =>
  text.slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
