import type { StructuredTextItem } from "unpdf";
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
  const { extractTextItems, getDocumentProxy } = await import("unpdf");
  // a copy, for the reader keeps what it is given
  const pdf = await getDocumentProxy(new Uint8Array(content), { verbosity: 0 }).catch((cause: unknown) => {
    throw new KnowledgeError(`Knowledge file "${name}" ${whyUnread(cause)}`, { cause });
  });
  if (pdf.numPages > pdfPagesMax)
    throw new KnowledgeError(
      `Knowledge file "${name}" has ${pdf.numPages} pages; the limit is ${pdfPagesMax}: split it`,
    );
  const { items } = await extractTextItems(pdf).catch((cause: unknown) => {
    throw new KnowledgeError(`Knowledge file "${name}" ${whyUnread(cause)}`, { cause });
  });
  await pdf.loadingTask.destroy();
  const pages = items.map(linesOf);
  checkLength(name, pages);
  return pages;
}

function checkLength(name: string, pages: PdfPage[]): void {
  const characters = pages.flat().reduce((total, { text }) => total + text.length, 0);
  if (characters === 0)
    throw new KnowledgeError(
      `Knowledge file "${name}" holds no text: a scan must go through text recognition first`,
    );
  if (characters > pdfCharactersMax)
    throw new KnowledgeError(
      `Knowledge file "${name}" has ${characters} characters of text; the limit is ${pdfCharactersMax}: split it`,
    );
}

function whyUnread(error: unknown): string {
  return error instanceof Error && error.name === "PasswordException"
    ? "is locked by a password: save it without one"
    : "is damaged or no PDF";
}

/** Distances are measured from the baseline before, in sizes of the line: 1.2 is usual, a paragraph leaves more. */
const gapMin = 1.7;

function linesOf(items: StructuredTextItem[]): PdfLine[] {
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
function runsOf(items: StructuredTextItem[]): StructuredTextItem[][] {
  const runs: StructuredTextItem[][] = [[]];
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
