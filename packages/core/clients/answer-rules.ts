/**
 * What no answer may hold, whatever made the model write it (F59). It is the last look before an answer is said, so it
 * holds of every model alike: what it finds is not said at all.
 */
import { hostOf, linksIn } from "./links.ts";
import { textCodePointsMax } from "./whatsapp-text.ts";

export type AnswerRules = {
  /** Hosts that may be linked or written to, with what is below them: `example.com` allows `shop.example.com`. */
  linkHosts: readonly string[];
  /** Texts that must not be repeated, such as the prompt's own lines. */
  secrets: readonly string[];
};

/** Of a secret, so many characters in a row give it away; shorter ones are any sentence. */
export const secretCharactersMin = 40;

/**
 * A kebab-case reason; undefined when the text may be said. `shown` are the links, as `linksIn` finds them, that the
 * business itself has written in what the answer was made from.
 */
export const reasonNotToSay = (
  text: string,
  { linkHosts, secrets }: AnswerRules,
  shown: readonly string[] = [],
): string | undefined => {
  if (text.trim() === "") return "empty";
  if ([...text].length > textCodePointsMax) return "too-long";
  const isAllowed = (link: string): boolean => {
    const host = hostOf(link);
    return shown.includes(link) || linkHosts.some((one) => host === one || host.endsWith(`.${one}`));
  };
  if (!linksIn(text).every(isAllowed)) return "forbidden-link";
  return secrets.some((secret) => repeats(text, secret)) ? "repeats-prompt" : undefined;
};

const repeats = (text: string, secret: string): boolean => {
  const [said, kept] = [squeezed(text), squeezed(secret)];
  if (kept.length < secretCharactersMin) return false;
  for (let at = 0; at + secretCharactersMin <= kept.length; at++)
    if (said.includes(kept.slice(at, at + secretCharactersMin))) return true;
  return false;
};

/** The same words, however they are set. */
const squeezed = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s*_~`>]+/g, " ")
    .trim();
