import type { getDocumentProxy } from "unpdf";
import { KnowledgeError } from "./knowledge-error.ts";

/** One line of a page as it was set: its size in points, and whether the space above it is wider than between lines. */
export type PdfLine = { text: string; size: number; gap: boolean };
export type PdfPage = PdfLine[];

export const pdfPagesMax = 300;
export const pdfCharactersMax = 500_000;

/**
 * The lines of a PDF, page by page. Throws a `KnowledgeError` that names the file when it is damaged, locked by a
 * password, too long, or holds no text, as a scan does. The reader is loaded with the first PDF.
 */
export async function pdfPages(name: string, content: Uint8Array): Promise<PdfPage[]> {
  const reader = await import("unpdf");
  // a copy, for the reader keeps what it is given
  const pdf = await reader
    .getDocumentProxy(new Uint8Array(content), { verbosity: 0 })
    .catch((cause: unknown) => {
      throw new KnowledgeError(`Knowledge file "${name}" ${whyUnread(cause)}`, { cause });
    });
  try {
    return await readPages(name, pdf);
  } finally {
    await pdf.loadingTask.destroy();
  }
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** One after the other, so that no more is read than may be. */
async function readPages(name: string, pdf: Pdf): Promise<PdfPage[]> {
  if (pdf.numPages > pdfPagesMax)
    throw new KnowledgeError(
      `Knowledge file "${name}" has ${pdf.numPages} pages; the limit is ${pdfPagesMax}: split it`,
    );
  const pages: PdfPage[] = [];
  let characters = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const items = await itemsOf(pdf, number).catch((cause: unknown) => {
      throw new KnowledgeError(`Knowledge file "${name}" ${whyUnread(cause)}`, { cause });
    });
    const lines = linesOf(items);
    characters += lines.reduce((total, { text }) => total + text.length, 0);
    if (characters > pdfCharactersMax)
      throw new KnowledgeError(
        `Knowledge file "${name}" has more than ${pdfCharactersMax} characters of text by page ${number}: split it`,
      );
    pages.push(lines);
  }
  if (characters === 0)
    throw new KnowledgeError(
      `Knowledge file "${name}" holds no text: a scan must go through text recognition first`,
    );
  return pages;
}

/** A piece of text as it was set. */
type Item = { str: string; y: number; fontSize: number; hasEOL: boolean };

async function itemsOf(pdf: Pdf, number: number): Promise<Item[]> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  return items.flatMap((item) => {
    if (!("str" in item)) return [];
    const [, , c = 0, d = 0, , y = 0] = item.transform as number[];
    return [{ str: item.str, y, fontSize: Math.hypot(c, d), hasEOL: item.hasEOL }];
  });
}

function whyUnread(error: unknown): string {
  return error instanceof Error && error.name === "PasswordException"
    ? "is locked by a password: save it without one"
    : "is damaged or no PDF: open it, and save it as PDF again";
}

/** Distances are measured from the baseline before, in sizes of the line: 1.2 is usual, a paragraph leaves more. */
const gapMin = 1.7;

function linesOf(items: Item[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let previous = Number.POSITIVE_INFINITY;
  for (const run of runsOf(items)) {
    const text = run.map(({ str }) => str).join("");
    const set = run.filter(({ str }) => str.trim() !== "");
    const size = Math.max(...set.map(({ fontSize }) => fontSize));
    const y = set[0]?.y ?? 0;
    lines.push({ text: tidy(text), size, gap: Math.abs(previous - y) > gapMin * size });
    previous = y;
  }
  return lines;
}

/** What stands on one line together, those without a visible character left out. */
function runsOf(items: Item[]): Item[][] {
  const runs: Item[][] = [[]];
  for (const item of items) {
    runs.at(-1)?.push(item);
    if (item.hasEOL) runs.push([]);
  }
  return runs.filter((run) => run.some(({ str }) => str.trim() !== ""));
}

/** Ligatures as letters, and one space where there are several. */
function tidy(text: string): string {
  return text
    .replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize("NFKC"))
    .replace(/\s+/g, " ")
    .trim();
}
