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
 * The text without links that `allowed` does not have: a model that was talked into advertising a page can't (F59).
 * A link counts as the same whatever its scheme, `www.` and last slash.
 */
export function withoutUnknownLinks(text: string, allowed: string): string {
  const known = new Set(linksIn(allowed).map(({ url }) => sameAs(url)));
  const shown = visible(text);
  const unknown = linksIn(shown).filter(({ url }) => !known.has(sameAs(url)));
  if (unknown.length === 0) return shown;
  const cut = unknown
    .toReversed()
    .reduce((rest, { index, lastIndex }) => rest.slice(0, index) + rest.slice(lastIndex), shown);
  return cut
    .replace(/[(<[]\s{0,9}[)>\]]/g, "")
    .replace(/[ \t]{2,99}/g, " ")
    .replace(/ (?=[.,;:!?\n])/g, "")
    .trim();
}

function linksIn(text: string): { index: number; lastIndex: number; url: string }[] {
  return linkify.match(text) ?? [];
}

function sameAs(url: string): string {
  return url
    .toLowerCase()
    .replace(/^(?:[a-z]+:)?(?:\/\/)?(?:www\.)?/, "")
    .replace(/\/$/, "");
}
