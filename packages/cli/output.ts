/** What a command says: results on stdout, everything else on stderr, and nothing that could drive the terminal. */
import { stripVTControlCharacters, styleText } from "node:util";

export type Output = {
  json: boolean;
  /** A result for people; not said with `--json`. */
  text(line: string): void;
  /** The same result for programs, as one line; only said with `--json`. */
  value(value: unknown): void;
  /** How it goes, for whoever watches. */
  note(line: string): void;
};

export const output = ({ json }: { json: boolean }): Output => ({
  json,
  text(line) {
    if (!json) process.stdout.write(`${line}\n`);
  },
  value(value) {
    if (json) process.stdout.write(`${toJson(value)}\n`);
  },
  note: (line) => void process.stderr.write(`${line}\n`),
});

/** Colours where stdout is a terminal that wants them (NO_COLOR, FORCE_COLOR). */
export const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
  styleText(format, text, { stream: process.stdout });

/**
 * C0 and C1 controls, what turns the direction of writing, line and paragraph separators, lone surrogates:
 * a customer's text must not move the cursor, nor forge a line (F54).
 */
const unsafe = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Text that only shows: `\n` for a line break, `\u001b` for an escape. */
export const escape = (text: string): string =>
  text.replace(unsafe, (character) =>
    character === "\n" ? "\\n" : character === "\t" ? "\\t" : hex(character),
  );

/** JSON on one line in which those characters are escaped as well; any parser reads them back. */
export const toJson = (value: unknown): string => JSON.stringify(value).replace(unsafe, hex);

/** Columns as wide as they must be; the last is cut where the terminal ends. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => width(row[column] ?? ""))),
  );
  return [paint("bold", tableRow(header, widths)), ...rows.map((row) => tableRow(row, widths))];
};

/** The same as a result, or a note where there are no rows. */
export const showTable = (
  out: Output,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): void => {
  if (rows.length === 0) out.note(none);
  else for (const line of table(header, rows)) out.text(line);
};

export const tableRow = (cells: readonly string[], widths: readonly number[]): string =>
  cut(
    cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join("  ")
      .trimEnd(),
  );

const width = (cell: string): number => [...stripVTControlCharacters(cell)].length;

const cut = (line: string): string => {
  const room = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  return width(line) > room && !line.includes("\u001b") ? `${[...line].slice(0, room - 1).join("")}…` : line;
};
