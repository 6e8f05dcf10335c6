import type { MessageContent } from "../events/content.ts";
import { firstCharacters } from "./words.ts";

/** Characters of one finding that are kept. */
export const findingCharactersMax = 300;

/** What a file or a place that came is said to be, as far as the message itself says so. */
export const findingIn = (content: MessageContent): string | undefined => {
  const text = partsOf(content)
    .filter((part) => part !== undefined && part !== "")
    .join(", ");
  return text === "" ? undefined : firstCharacters(text, findingCharactersMax);
};

const partsOf = (content: MessageContent): (string | undefined)[] => {
  switch (content.type) {
    case "document":
      return [content.filename, content.caption];
    case "image":
    case "video":
    case "audio":
      return [content.caption];
    case "location":
      return [content.name, content.address];
    default:
      return [];
  }
};
