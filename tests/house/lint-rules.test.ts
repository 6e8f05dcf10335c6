import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";

const ROOT = path.resolve(import.meta.dirname, "../..");
const Report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

/** What a rule must find, and where; and what looks alike but is allowed. */
const CASES: [rule: string | undefined, file: string, text: string][] = [
  ["house(no-clock)", "packages/core/domain/a.ts", "export const a = new Date();"],
  [undefined, "packages/core/domain/b.ts", "export const a = new Date(0);"],
  [undefined, "packages/core/domain/b.test.ts", "export const a = [new Date(), Date.now()];"],
  [undefined, "packages/core/store/b.ts", "export const a = [new Date(), Date.now(), Math.random()];"],
  ["eslint(no-restricted-properties)", "packages/core/domain/c.ts", "export const a = Date.now();"],
  ["eslint(no-restricted-properties)", "packages/core/views/c.ts", "export const a = Math.random();"],
  ["eslint(no-restricted-globals)", "packages/core/views/d.ts", 'export const a = await fetch("http://a");'],
  ["eslint(no-restricted-globals)", "packages/core/events/d.ts", "export const a = crypto.randomUUID();"],
  ["eslint(no-restricted-globals)", "packages/core/events/e.ts", "export const a = setTimeout(String, 1);"],
  ["node(no-process-env)", "packages/local/a.ts", "export const a = process.env;"],
  [undefined, "packages/core/config.ts", "export const a = process.env;"],
  ["eslint(no-console)", "packages/functions/a.ts", 'console.log("a");'],
  [undefined, "packages/local/b.ts", 'console.log("a");'],
  ["house(linear-regex)", "packages/functions/b.ts", "export const a = /^(a+)+$/;"],
  ["house(linear-regex)", "packages/functions/c.ts", "export const a = /^(.*)x(.*)y$/;"],
  [undefined, "packages/functions/d.ts", "export const a = /^[a-z0-9-]+$/;"],
  ["house(no-re-export)", "packages/functions/e.ts", 'export * from "./d.ts";'],
  ["house(no-re-export)", "packages/functions/f.ts", 'export { a } from "./d.ts";'],
  ["import(no-default-export)", "packages/functions/g.ts", "export default 1;"],
  ["typescript(no-floating-promises)", "packages/functions/h.ts", "Promise.resolve(1);"],
  [
    "typescript(no-misused-promises)",
    "packages/functions/i.ts",
    "export const a = Promise.resolve(1) ? 1 : 2;",
  ],
  ["typescript(no-explicit-any)", "packages/functions/j.ts", "export const a: any = 1;"],
  [
    "typescript(no-unsafe-return)",
    "packages/functions/k.ts",
    "export const a = (): string => JSON.parse('1');",
  ],
  [
    "typescript(no-non-null-assertion)",
    "packages/functions/l.ts",
    "export const a = (b?: string) => b!.length;",
  ],
];

let folder: string;
let found: z.infer<typeof Report>["diagnostics"];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hilo-lint-"));
  for (const file of [
    ".oxlintrc.json",
    "tsconfig.json",
    "packages/tsconfig.json",
    "scripts/house-rules.mjs",
  ]) {
    cpSync(path.join(ROOT, file), path.join(folder, file), { recursive: true });
  }
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  for (const [, file, text] of CASES) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const oxlint = path.join(ROOT, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(process.execPath, [oxlint, "--format=json", "packages"], { cwd: folder });
  found = Report.parse(JSON.parse(stdout.toString())).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(CASES)("%s in %s: %s", (rule, file) => {
  const codes = found.filter(({ filename }) => filename === file).map(({ code }) => code);
  expect([...new Set(codes)]).toEqual(rule === undefined ? [] : [rule]);
});
