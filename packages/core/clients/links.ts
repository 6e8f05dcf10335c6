/**
 * The links of a text, as hosts or addresses with what follows them, in small letters: without scheme, `www.`, user
 * and last slash, so that one link is one string. WhatsApp makes a link of what looks like one, so this does too: a
 * scheme, an address, an IP, or words with a dot in between and a known ending. What hides one is undone before.
 */
export const linksIn = (text: string): string[] => {
  let rest = text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replaceAll("。", ".")
    .toLowerCase();
  return finders.flatMap((finder) => {
    const found = [...rest.matchAll(finder)].map(([link]) => sameAs(link));
    rest = rest.replace(finder, " ");
    return found;
  });
};

/** Of a link that `linksIn` found. */
export const hostOf = (link: string): string =>
  authorityOf(link).replace(/^.*@/, "").replace(/:\d*$/, "").replace(/\.$/, "");

/** The text with the space that is missing after a sentence ("at 8.No breakfast"), where that would make a link. */
export const withoutGluedSentences = (text: string): string =>
  text.replace(glued, (found, before: string, after: string) =>
    linksIn(found).length > 0 ? `${before}. ${after}` : found,
  );

const glued =
  /(?<![^\s(«“"'¿¡*_])(\p{L}{1,40}|\d{1,4}(?:[.,:]\d{1,2})?)\.(\p{Lu}\p{Ll}{0,20})(?![\p{L}\p{N}.@/:-])/gu;

const sameAs = (found: string): string => {
  const [, scheme = "", address = ""] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/s.exec(found) ?? [];
  const authority = authorityOf(address);
  const host = scheme === "" ? authority : authority.replace(/^.*@/, "");
  const after = address.slice(authority.length);
  return `${host.replace(/^www\./, "")}${after}`.replace(/[.,;:!?…*_~]+$/, "").replace(/\/$/, "");
};

/** Browsers take a backslash for a slash. */
const authorityOf = (address: string): string => /^[^/\\?#]*/.exec(address)?.[0] ?? "";

/** The generic ones that are common, or that phishing uses most, and every country's (ISO 3166; "EE.UU" is none). */
const endings =
  "a[cdefgilmoqrstuwxz]|b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[ceegrstu]|f[ijkmor]|" +
  "g[abdefghilmnpqrstuwy]|h[kmnrtu]|i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|m[acdeghklmnopqrstuvwxyz]|" +
  "n[acefgilopruz]|om|p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghijklmnorstuvxyz]|t[cdfghjklmnortvwz]|u[agksyz]|" +
  "v[aceginu]|w[fs]|y[et]|z[amw]|com|net|org|info|biz|app|blog|dev|direct|edu|gov|news|one|pub|xyz|top|shop|online|site|store|" +
  "link|click|live|club|icu|vip|work|world|website|space|fun|page|web|cloud|tech|support|help|pay|bank|money|finance|chat|" +
  "email|mobi|museum|name|pro|tel|travel|cat|zone|рф|xn--[a-z0-9-]+";

const end = "[^\\s<>()[\\]\"'“”«»]";
const after = `(?::\\d+)?(?:[/\\\\?#]${end}*)?`;

/** One after the other, each in what those before it left. Bounded, so that no text takes long. */
const finders = [
  `[a-z][a-z0-9+.-]{0,30}://${end}+`,
  `[\\p{L}\\p{N}._%+-]{1,64}@(?:[\\p{L}\\p{N}-]+\\.)+\\p{L}{2,}`,
  `(?<![\\p{L}\\p{N}@.-])(?:[\\p{L}\\p{N}-]+\\.)+(?:${endings})(?![\\p{L}\\p{N}-])${after}`,
  `(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\d])${after}`,
].map((source) => new RegExp(source, "gu"));
