import { errorTable, otherwise, type ErrorRow, type Verdict } from "#core/clients/whatsapp/error-table.ts";
import { code, table } from "./markdown.ts";

/** What Hilo does about each error of WhatsApp's. */
export const whatsappErrorsTable = (): string => {
  const known = errorTable.map((row) => [codesOf(row), ...verdict(row, row.source)]);
  const unknown = Object.values(otherwise).map((row) => [row.when, ...verdict(row)]);
  return `${table(["Code", "Reason", "Means", "Besides", "Hilo"], [...known, ...unknown])}\n`;
};

const verdict = ({ reason, effect, remedy, does }: Verdict, source?: string): string[] => [
  code(reason),
  effect === "uncertain" ? "uncertain" : `refused, ${code(effect)}`,
  remedy ? code(remedy) : "",
  source ? `${does} (${source})` : does,
];

const codesOf = ({ codes, subcode, details }: ErrorRow): string => {
  const shown = codes
    .map((known) => (typeof known === "number" ? String(known) : known.join("–")))
    .join(", ");
  if (subcode !== undefined) return `${shown} with subcode ${subcode}`;
  return details ? `${shown} about a file's id` : shown;
};
