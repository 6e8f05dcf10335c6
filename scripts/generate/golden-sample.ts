import { readdirSync, readFileSync } from "node:fs";
import { schemaVersion } from "#core/events/catalogue.ts";

const folder = new URL("../../packages/core/events/golden/", import.meta.url);
const files = readdirSync(folder).toSorted();

/** A sample of an event at its newest version: the plain one where there is one, or one of a text. */
export const goldenSample = (type: string): { file: string; text: string } => {
  const stem = `${type}.v${schemaVersion(type)}`;
  const of = files.filter((file) => file.startsWith(`${stem}.`));
  const file = [`${stem}.json`, `${stem}.text.json`].find((name) => of.includes(name)) ?? of[0];
  if (!file) throw new Error(`packages/core/events/golden has no ${stem}.json`);
  return { file, text: readFileSync(new URL(file, folder), "utf8").trimEnd() };
};
