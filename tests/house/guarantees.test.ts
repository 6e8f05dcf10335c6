import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { links, readText, root } from "./markdown.ts";

const page = readText("docs/guarantees.md");
const shown = links(page)
  .filter(({ target }) => /\.(test|contract)\.ts$/.test(target))
  .map(({ text, target }) => ({ name: text, file: target.replace(/^\.\.\//, "") }))
  .filter(({ file }) => file !== "tests/house/guarantees.test.ts");

const rules = links(page).filter(({ target }) => target.endsWith(".rules.ts"));

/** The titles of a file's tests and suites, as written. */
const titles = (source: string): string[] =>
  [...source.matchAll(/(["`])((?:(?!\1).)+)\1,\s*(?:\{[^}]*\},\s*)?(?:async )?\(/g)].map(
    ([, , title = ""]) => title,
  );

const numbers = (text: string): string[] => text.match(/\bF\d{1,2}\b/g) ?? [];

/** The numbers that head the rows under a heading. */
const rows = (heading: string): string[] => {
  const [, rest = ""] = page.split(`\n## ${heading}\n`);
  const [section = ""] = rest.split("\n## ");
  return section.split("\n").flatMap((line) => numbers(line.split("|")[1] ?? ""));
};

test.each(shown)("$file has a test named: $name", ({ name, file }) => {
  expect(titles(readText(file))).toContain(name);
});

test.each(rules)("$target has a rule named: $text", ({ text, target }) => {
  expect(readText(target.replace(/^\.\.\//, ""))).toContain(`"${text}": {`);
});

test("every failure case is there, once", () => {
  const all = ["Failures", "Handled without a test of its own", "Not yet"].flatMap(rows);
  const expected = Array.from({ length: 62 }, (_, index) => `F${index + 1}`);
  expect(all.toSorted(byNumber)).toEqual(expected);
});

test("no case that a test bears the number of is said to have none", () => {
  const files = globSync("{packages,tests}/**/*.{test,contract}.ts", { cwd: root });
  const borne = new Set(files.flatMap((file) => titles(readText(file)).flatMap(numbers)));
  expect(rows("Handled without a test of its own").filter((number) => borne.has(number))).toEqual([]);
});

test("a name that no test has is found", () => {
  expect(titles(readText("tests/house/guarantees.test.ts"))).toContain("every failure case is there, once");
  expect(titles('// "a remark", (about)\ntest.skip("x", () => {})')).not.toContain("y");
});

const byNumber = (one: string, other: string): number => Number(one.slice(1)) - Number(other.slice(1));
