// Writes the parts of the documentation that are copied from the code, so that they cannot be wrong.
//
//   npm run generate            writes them
//   npm run generate:check      fails when one is stale, and names it

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cliPage } from "./generate/cli.ts";
import { eventsPage } from "./generate/events.ts";
import { modelsTable } from "./generate/models.ts";
import { settingsTable } from "./generate/settings.ts";
import { subscriptionsTable } from "./generate/subscriptions.ts";
import { whatsappErrorsTable } from "./generate/whatsapp-errors.ts";
import { latencyTables } from "./latency/table.ts";

const root = path.resolve(import.meta.dirname, "..");

const files: Record<string, string> = {
  "README.md": within("README.md", "settings", settingsTable()),
  "docs/answers-models.md": within("docs/answers-models.md", "models", modelsTable()),
  "docs/answers.md": within("docs/answers.md", "latency", latencyTables()),
  "docs/architecture.md": within("docs/architecture.md", "subscriptions", subscriptionsTable()),
  "docs/cli.md": await cliPage(),
  "docs/events.md": eventsPage(),
  "docs/sending.md": within("docs/sending.md", "whatsapp-errors", whatsappErrorsTable()),
};

const stale = Object.keys(files).filter((file) => read(file) !== files[file]);
if (process.argv.includes("--check")) {
  for (const file of stale) console.error(`${file} is stale: npm run generate`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const file of stale) write(file);
  console.log(stale.length > 0 ? `Wrote ${stale.join(", ")}` : "Everything generated is current");
}

/** The file with what stands between its markers replaced. */
function within(file: string, name: string, text: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->\n`, "<!-- end -->"];
  const [before, rest, ...more] = read(file).split(begin);
  if (before === undefined || rest === undefined || more.length > 0)
    throw new Error(`${file} needs one line ${begin.trim()}`);
  const after = rest.indexOf(end);
  if (after < 0) throw new Error(`${file} needs ${end} after ${begin.trim()}`);
  return `${before}${begin}\n${text}\n${rest.slice(after)}`;
}

function read(file: string): string {
  try {
    return readFileSync(path.join(root, file), "utf8");
  } catch {
    return "";
  }
}

function write(file: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), files[file] ?? "");
}
