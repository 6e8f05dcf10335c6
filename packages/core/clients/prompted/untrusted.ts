/** What others wrote, made recognisable as such: nothing in it can end the element that it is in. */

/** An element of a prompt whose content can't pretend to be outside of it. `name` and attribute names are ours. */
export function element(name: string, attributes: Record<string, string>, text: string): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  return `<${name}${said.join("")}>\n${content(text)}\n</${name}>`;
}

/** Text that a customer, a file of theirs or a tool wrote. The prompts say what this means. */
export function untrusted(from: string, text: string, attributes: Record<string, string> = {}): string {
  return element("untrusted", { from, ...attributes }, text);
}

/**
 * Without what nobody sees: control characters, directions, and the invisible letters that smuggle instructions
 * past human eyes. Joiners stay, for emoji are made of them.
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u{E0100}-\u{E01EF}]/gu, (character) =>
      kept.has(character) ? character : "",
    );
}

const kept = new Set(["\n", "\t", "\u200C", "\u200D"]);

/** Without `<` and its look-alikes: an element neither begins nor ends in it. */
export function content(text: string): string {
  return visible(text).replace(/[<\uFE64\uFF1C\u2039\u3008\u27E8]/g, "&lt;");
}

function attribute(text: string): string {
  return content(text)
    .replace(/["\n\t]/g, " ")
    .slice(0, 200);
}
