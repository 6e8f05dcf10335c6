/** WhatsApp's limit for the body of a text message. */
export const textCodePointsMax = 4_096;

/**
 * Markdown as WhatsApp shows it: *bold*, _italic_, ~struck~, ```code``` and bullets.
 * Headings turn bold, links keep their address, a table becomes a line per row.
 */
export function whatsappText(markdown: string): string {
  return markdown
    .split(/(```[\s\S]*?```)/)
    .map((part, index) => (index % 2 === 1 ? part : part.split("\n").flatMap(line).join("\n")))
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** At most `codePointsMax` of a text, ended after a sentence or line, or failing that after a word with "…". */
export function cutAtSentence(text: string, codePointsMax: number): string {
  const points = [...text];
  if (points.length <= codePointsMax) return text;
  const start = points.slice(0, codePointsMax).join("");
  const sentence = /^[\s\S]*(?:[.!?…](?=\s)|(?=\n))/.exec(start)?.[0].trimEnd();
  if (sentence !== undefined && sentence.length > start.length / 2) return sentence;
  return `${points
    .slice(0, codePointsMax - 1)
    .join("")
    .replace(/\s+\S*$/, "")}…`;
}

function line(text: string): string[] {
  if (/^[\s|:-]+$/.test(text) && text.includes("--")) return [];
  if (/^\|.*\|$/.test(text.trim())) return [`• ${inline(cells(text))}`];
  const heading = /^#{1,6} (.+)$/.exec(text.trimEnd())?.[1];
  if (heading !== undefined) return [bold(heading.replaceAll("*", ""))];
  return [inline(text.replace(/^(\s*)[-*+]\s+/, "$1• "))];
}

function cells(row: string): string {
  const [first = "", ...rest] = row
    .trim()
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
  return rest.length === 0 ? first : `${first}: ${rest.join(", ")}`;
}

function inline(text: string): string {
  return text
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[([^\]]+)\]\(([^)]*)\)/g, (_, label: string, target: string) => link(label, target))
    .replace(/(?<![\w*])\*(?![\s*])([^*\n]+?)\*(?![\w*])/g, "_$1_")
    .replace(/(\*\*|__)(?=\S)(.+?)\1/g, "*$2*")
    .replace(/~~(.+?)~~/g, "~$1~")
    .replace(/\\([\\`*_{}[\]()#+\-.!|~>])/g, "$1")
    .replace(/<br\s*\/?>/gi, "\n");
}

/** A target may carry a title: `(https://example.com "Our page")`. */
function link(label: string, target: string): string {
  const address = target.trim().split(/\s/)[0] ?? "";
  return label === address ? address : `${label} (${address})`;
}

export function bold(text: string): string {
  return `*${text.trim()}*`;
}
