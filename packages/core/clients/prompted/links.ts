import { LinkifyIt } from "linkify-it";
import { visible } from "./untrusted.ts";

/** Finds what WhatsApp would make a link of; domains without `https://` by the ends that are common. */
const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true, urlAuth: true }).tlds(
  "ai app biz blog chat click cloud club dev direct email fun help info link live me mobi net news one online org page pro pub shop site space store support tech tel top vip web website work world xyz zone".split(
    " ",
  ),
  true,
);

/**
 * The text, or undefined where it has a link that `allowed` does not have: a model that was talked into advertising a
 * page can't (F59), and a text with a hole in it would be no answer. A link counts as the same whatever its scheme,
 * `www.` and last slash. What is at or below one of the `hosts` is allowed too.
 */
export function withOwnLinks(
  text: string,
  allowed: string,
  hosts: readonly string[] = [],
): string | undefined {
  const known = new Set(linksIn(allowed).map(({ url }) => sameAs(url)));
  let shown = visible(text);
  const unknown = linksIn(shown).filter(
    ({ url }) => !known.has(sameAs(url)) && !hosts.some((host) => isBelow(hostOf(url), host)),
  );
  for (const { index, lastIndex, raw } of unknown.toReversed()) {
    const sentences = sentencesOf(raw);
    if (sentences === "") return undefined;
    shown = shown.slice(0, index) + sentences + shown.slice(lastIndex);
  }
  return shown;
}

/** "We open at 8.No breakfast": a missing space, not a page in Norway. With the space it is no link any more. */
function sentencesOf(link: string): string {
  return /^\p{L}{1,40}\.\p{Lu}\p{Ll}{0,20}$/u.test(link) ? link.replace(".", ". ") : "";
}

function linksIn(text: string): { index: number; lastIndex: number; raw: string; url: string }[] {
  return linkify.match(text) ?? [];
}

function isBelow(host: string, allowed: string): boolean {
  return host === allowed || host.endsWith(`.${allowed}`);
}

/** Of an address, what follows the last `@`. Empty where there is none. */
function hostOf(url: string): string {
  if (url.startsWith("mailto:")) return url.slice(url.lastIndexOf("@") + 1).toLowerCase();
  return URL.parse(url)?.hostname ?? "";
}

function sameAs(url: string): string {
  return url
    .toLowerCase()
    .replace(/^(?:[a-z]+:)?(?:\/\/)?(?:www\.)?/, "")
    .replace(/\/$/, "");
}
