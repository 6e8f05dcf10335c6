import type { PdfLine, PdfPage } from "./pdf-pages.ts";
import { partsOf, type Passage } from "./passages.ts";
import type { Language } from "./stop-words.ts";

/**
 * What stands under one heading on one page is a passage, its source the page: "menu.es.pdf#page=3".
 * A heading is a line set larger than most of the text. The largest of the first page is the title.
 */
export function pdfPassages(pages: PdfPage[], file: string, language: Language): Passage[] {
  const lines = withoutFurniture(pages).flatMap((page, index) =>
    page.map((line) => ({ ...line, page: index + 1 })),
  );
  const headingMin = bodySize(lines) * headingRatio;
  const isHeading = ({ size, text }: PdfLine) =>
    size >= headingMin && text.length <= headingCharactersMax && /\p{L}/u.test(text);
  const blocks = blocksOf(lines, isHeading);
  const title = titleOf(blocks) ?? file.replace(/\..*$/, "");
  return sectionsOf(blocks, title).flatMap(({ heading, page, paragraphs }) =>
    partsOf(paragraphs.join("\n\n")).map((text) => ({
      source: `${file}#page=${page}`,
      language,
      title,
      heading,
      also: "",
      text,
    })),
  );
}

const headingRatio = 1.15;
const headingCharactersMax = 120;

type PlacedLine = PdfLine & { page: number };
type Block = { heading: boolean; text: string; size: number; page: number };

/** The size in which most of the characters are set. */
function bodySize(lines: PdfLine[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
  }
  return [...characters].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

/** Headings and paragraphs. A line begins a block after a gap, at another size, or at a page that starts a sentence. */
function blocksOf(lines: PlacedLine[], isHeading: (line: PdfLine) => boolean): Block[] {
  const widest = Math.max(0, ...lines.map(({ text }) => text.length));
  const blocks: Block[] = [];
  let before: PlacedLine | undefined;
  for (const line of lines) {
    const heading = isHeading(line);
    const last = blocks.at(-1);
    if (before && last?.heading === heading && continues(last, before, line))
      last.text = joined(last.text, line.text, heading || isFull(before, line, widest));
    else blocks.push({ heading, text: line.text, size: line.size, page: line.page });
    before = line;
  }
  return blocks;
}

function continues(block: Block, before: PlacedLine, line: PlacedLine): boolean {
  if (block.heading && Math.abs(block.size - line.size) > 0.5) return false;
  if (before.page !== line.page)
    return !block.heading && /^\p{Ll}/u.test(line.text) && !/[.!?…:;]["»”)]?$/.test(before.text);
  return !line.gap;
}

/** A line that goes on in the next: there was no more room, or the sentence is not over. A list's entry is neither. */
function isFull(before: PdfLine, line: PdfLine, widest: number): boolean {
  if (/^([•·▪◦*–-]|\d{1,2}[.)])\s/.test(line.text)) return false;
  return before.text.length >= widest * 0.7 || /^\p{Ll}/u.test(line.text) || /[-\u00AD]$/.test(before.text);
}

/** A word divided at the line's end is one again. */
function joined(text: string, next: string, sameLine: boolean): string {
  if (!sameLine) return `${text}\n${next}`;
  const divided = /\p{L}[-\u00AD]$/u.test(text) && /^\p{Ll}/u.test(next);
  return divided ? `${text.slice(0, -1)}${next}` : `${text} ${next}`;
}

function titleOf(blocks: Block[]): string | undefined {
  return blocks.filter(({ heading, page }) => heading && page === 1).toSorted((a, b) => b.size - a.size)[0]
    ?.text;
}

type Section = { heading: string; page: number; paragraphs: string[] };

/** A section that goes on on another page is another one, under the same heading. */
function sectionsOf(blocks: Block[], title: string): Section[] {
  const sections: Section[] = [];
  let heading = title;
  for (const block of blocks) {
    const last = sections.at(-1);
    if (block.heading) heading = block.text;
    else if (last?.heading === heading && last.page === block.page) last.paragraphs.push(block.text);
    else sections.push({ heading, page: block.page, paragraphs: [block.text] });
  }
  return sections;
}

/** Page numbers, and what stands at the edge of most pages, belong to no passage. */
function withoutFurniture(pages: PdfPage[]): PdfPage[] {
  const shape = ({ text }: PdfLine) => text.replace(/\d+/g, "#");
  const edges = pages.map((page) => new Set([...page.slice(0, 2), ...page.slice(-2)].map(shape)));
  const repeated = (line: PdfLine) =>
    pages.length >= 3 && edges.filter((edge) => edge.has(shape(line))).length > pages.length / 2;
  return pages.map((page) =>
    page.filter((line, index) => {
      const atEdge = index < 2 || index >= page.length - 2;
      return !atEdge || !(repeated(line) || /^(\D{0,8}\s)?\d{1,4}(\s?\/\s?\d{1,4})?$/.test(line.text));
    }),
  );
}
