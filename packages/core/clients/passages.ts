import type { Language } from "./stop-words.ts";
import { fold } from "./terms.ts";

/** One section of a document: what is found, and said, as a whole. */
export type Passage = {
  /** File and heading, such as "menu.es.md#pan". Parts of a long section share it. */
  source: string;
  language: Language;
  /** The document's first-level heading. */
  title: string;
  heading: string;
  /** Other words that customers use for it; searched, never shown. */
  also: string;
  /** Markdown, without headings and comments. */
  text: string;
};

/** Longer sections are split, so that none is found for whatever it happens to mention. */
export const passageCharactersMax = 1500;

/** The sections of a Markdown document. One without a first-level heading is titled as its file. */
export function passagesOf(markdown: string, file: string, language: Language): Passage[] {
  const sections = sectionsOf(markdown);
  const title = sections.find((section) => section.level === 1)?.heading ?? file.replace(/\..*$/, "");
  return sections.flatMap(({ heading, lines }) => {
    const content = lines.join("\n");
    const also = [...content.matchAll(/<!--\s*also:([\s\S]*?)-->/g)]
      .map((match) => (match[1] ?? "").trim())
      .join(", ");
    const about = { language, title, heading: heading ?? title, also };
    const source = `${file}#${slug(about.heading)}`;
    return partsOf(content.replace(/<!--[\s\S]*?-->/g, "").trim()).map((text) => ({
      source,
      ...about,
      text,
    }));
  });
}

/** A heading as GitHub would link to it, without accents: "Días festivos" is "dias-festivos". */
function slug(heading: string): string {
  return fold(heading)
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

type Section = { level: number; heading?: string; lines: string[] };

function sectionsOf(markdown: string): Section[] {
  let section: Section = { level: 0, lines: [] };
  const sections = [section];
  let fenced = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (line.startsWith("```")) fenced = !fenced;
    const [, marks, heading] = fenced ? [] : (/^(#{1,6}) (.+)$/.exec(line.trimEnd()) ?? []);
    if (marks !== undefined && heading !== undefined) {
      section = { level: marks.length, heading, lines: [] };
      sections.push(section);
    } else {
      section.lines.push(line);
    }
  }
  return sections;
}

/** A text in parts of at most 1,500 characters: whole paragraphs where they fit, else lines, sentences or words. */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/).filter((each) => each.trim() !== "")) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + paragraph.length <= passageCharactersMax)
      parts[parts.length - 1] = `${last}\n\n${paragraph}`;
    else parts.push(...shortened(paragraph));
  }
  return parts;
}

function shortened(paragraph: string): string[] {
  const pieces: string[] = [];
  let rest = paragraph;
  while (rest.length > passageCharactersMax) {
    const end = endOfPiece(rest.slice(0, passageCharactersMax));
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest];
}

/** After its last line, failing that its last sentence, its last word, or else never between the halves of a character. */
function endOfPiece(start: string): number {
  const ends = [/\n(?=[^\n]*$)/, /[.!?…]\s(?!.*[.!?…]\s)/s, /\s(?=\S*$)/].map((end) => {
    const match = end.exec(start);
    return match ? match.index + match[0].length : 0;
  });
  const whole = /[\uD800-\uDBFF]$/.test(start) ? start.length - 1 : start.length;
  return ends.find((end) => end > passageCharactersMax / 2) ?? whole;
}
