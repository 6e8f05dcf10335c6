/**
 * What no answer may hold, whatever made the model write it (F59). It is the last look before an answer is said, so it
 * holds of every model alike: what it finds is not said at all.
 */

export type AnswerRules = {
  /** Hosts that may be linked or written to, with what is below them: `example.com` allows `shop.example.com`. */
  linkHosts: readonly string[];
  /** Hosts and addresses, as `linksIn` finds them, that the business itself has written for its customers. */
  knownLinks: readonly string[];
  /** Texts that must not be repeated, such as the prompt's own lines. */
  secrets: readonly string[];
};

/** Of a secret, so many characters in a row give it away; shorter ones are any sentence. */
export const secretCharactersMin = 40;

/** WhatsApp takes no more in one message; more would be several, and each is billed. */
const codePointsMax = 4_096;

/** A kebab-case reason; undefined when the text may be said. */
export const reasonNotToSay = (
  text: string,
  { linkHosts, knownLinks, secrets }: AnswerRules,
): string | undefined => {
  if (text.trim() === "") return "empty";
  if ([...text].length > codePointsMax) return "too-long";
  const allowed = linkHosts.map((host) => host.toLowerCase());
  const isAllowed = (link: string): boolean => {
    const host = link.slice(link.lastIndexOf("@") + 1);
    return knownLinks.includes(link) || allowed.some((one) => host === one || host.endsWith(`.${one}`));
  };
  if (!linksIn(text).every(isAllowed)) return "forbidden-link";
  return secrets.some((secret) => repeats(text, secret)) ? "repeats-prompt" : undefined;
};

/**
 * WhatsApp makes a link of what looks like one, so this does too: a scheme, an address, or words with a dot in between
 * and a known ending. Hosts, and whole addresses, in small letters. What hides one (full-width dots, invisible characters) is undone before.
 */
export const linksIn = (text: string): string[] => {
  const plain = text
    .normalize("NFKC")
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .replaceAll("。", ".")
    .toLowerCase();
  return [
    ...matches(plain, /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@]*@)?([^\s/:?#)>\]]+)/g),
    ...matches(plain, /([\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})/gu),
    ...matches(
      plain,
      new RegExp(`(?<![\\p{L}\\p{N}@.-])((?:[\\p{L}\\p{N}-]+\\.)+(?:${endings}))(?![\\p{L}\\p{N}-])`, "gu"),
    ),
    ...matches(plain, /\b(\d{1,3}(?:\.\d{1,3}){3})\b/g),
  ].map((host) => host.replace(/\.+$/, ""));
};

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, host = ""]) => host);

/** The generic ones that phishing uses most, and every country's (ISO 3166; "EE.UU" is none). */
const endings =
  "a[cdefgilmoqrstuwxz]|b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[ceegrstu]|f[ijkmor]|" +
  "g[abdefghilmnpqrstuwy]|h[kmnrtu]|i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|" +
  "n[acefgilopruz]|om|p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghijklmnorstuvxyz]|t[cdfghjklmnortvwz]|u[agksyz]|" +
  "v[aceginu]|w[fs]|y[et]|z[amw]|com|net|org|info|biz|app|dev|xyz|top|shop|online|site|store|link|click|live|club|icu|vip|work|website|space|fun|" +
  "page|web|cloud|tech|support|help|pay|bank|money|finance|chat|email|mobi|name|pro|tel|travel|cat|xn--[a-z0-9-]+";

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
