import { isIPv6 } from "node:net";

export type Scalar = string | number | boolean | null;
export type Test = (value: Scalar) => boolean;
export type Path = readonly string[];

type OneOrMore<T> = T | readonly T[];
type IgnoringCase = { readonly "equals-ignore-case": string };
type Comparison = "=" | "<" | "<=" | ">" | ">=";
type Excluded =
  | { readonly prefix: OneOrMore<string> }
  | { readonly suffix: OneOrMore<string> }
  | { readonly "equals-ignore-case": OneOrMore<string> }
  | { readonly wildcard: OneOrMore<string> };

/** What may stand in a field's array of allowed values, besides a value itself. */
export type Condition =
  | { readonly exactly: string }
  | { readonly prefix: string | IgnoringCase }
  | { readonly suffix: string | IgnoringCase }
  | IgnoringCase
  | { readonly wildcard: string }
  | { readonly "anything-but": OneOrMore<string> | OneOrMore<number> | Excluded }
  | { readonly numeric: readonly [Comparison, number] | readonly [">" | ">=", number, "<" | "<=", number] }
  | { readonly cidr: string }
  | { readonly exists: boolean };

/** The test is only ever asked of values that are there; throws as `compilePattern` does. */
export function compileValue(value: unknown, path: Path): Test {
  if (typeof value === "string") return sameTextOrAddress(value);
  if (isScalar(value)) return (actual) => actual === value;
  const [operator, operand, at] = onlyEntry(
    value,
    path,
    "a string, a number, true, false, null or a condition",
  );
  switch (operator) {
    case "exists":
      return typeof operand === "boolean" ? () => operand : refuse(at, "true or false");
    case "anything-but":
      return compileAnythingBut(operand, at);
    case "numeric":
      return compileNumeric(operand, at);
    case "cidr":
      return compileCidr(operand, at);
    case "prefix":
    case "suffix":
      if (isRecord(operand)) {
        const [inner, text, innerAt] = onlyEntry(operand, at, "equals-ignore-case");
        if (inner !== "equals-ignore-case") refuse(innerAt, "only equals-ignore-case here");
        return sameIgnoringCase(string(text, innerAt), operator);
      }
  }
  const compile = textTests.get(operator);
  if (compile === undefined)
    refuse(at, `one of ${[...textTests.keys()].join(", ")}, anything-but, numeric, cidr, exists`);
  return compile(string(operand, at), at);
}

const textTests = new Map<string, (text: string, path: Path) => Test>([
  ["exactly", (text) => (value) => value === text],
  ["prefix", (text) => onText((value) => value.startsWith(text))],
  ["suffix", (text) => onText((value) => value.endsWith(text))],
  ["equals-ignore-case", (text) => sameIgnoringCase(text, "whole")],
  ["wildcard", compileWildcard],
]);

function compileAnythingBut(operand: unknown, path: Path): Test {
  if (!isRecord(operand)) {
    const excluded = oneOrMore(operand, path);
    const type = typeof excluded[0];
    if ((type !== "string" && type !== "number") || excluded.some((value) => typeof value !== type))
      refuse(path, "strings only, or numbers only");
    return (value) => !excluded.includes(value);
  }
  const [operator, texts, at] = onlyEntry(operand, path, "strings, numbers or one condition on text");
  const compile = operator === "exactly" ? undefined : textTests.get(operator);
  if (compile === undefined) refuse(at, "prefix, suffix, equals-ignore-case or wildcard");
  const tests = oneOrMore(texts, at).map((text) => {
    if (text === "" && (operator === "prefix" || operator === "suffix")) refuse(at, "text that is not empty");
    return compile(string(text, at), at);
  });
  return (value) => !tests.some((test) => test(value));
}

function compileNumeric(operand: unknown, path: Path): Test {
  const terms: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const [from, low, to, high, ...rest] = terms;
  if (!isComparison(from) || typeof low !== "number" || rest.length > 0)
    refuse(path, 'an operator (=, <, <=, >, >=) and a number, or a range such as [">", 0, "<=", 5]');
  if (to === undefined) return onNumber((value) => comparisons[from](value, low));
  if (!from.startsWith(">") || (to !== "<" && to !== "<=") || typeof high !== "number" || low >= high)
    refuse(path, 'a range such as [">", 0, "<=", 5], the lower bound first');
  return onNumber((value) => comparisons[from](value, low) && comparisons[to](value, high));
}

const comparisons = {
  "=": (value: number, bound: number) => value === bound,
  "<": (value: number, bound: number) => value < bound,
  "<=": (value: number, bound: number) => value <= bound,
  ">": (value: number, bound: number) => value > bound,
  ">=": (value: number, bound: number) => value >= bound,
};

const isComparison = (value: unknown): value is Comparison =>
  typeof value === "string" && Object.hasOwn(comparisons, value);

/** AWS refuses a block of one address: there the address itself is the pattern. */
function compileCidr(operand: unknown, path: Path): Test {
  const [, address = "", size = ""] = /^([^/]*)\/(\d+)$/.exec(string(operand, path)) ?? [];
  const network = addressBits(address);
  if (network === undefined || Number(size) >= network.length)
    refuse(path, "an IPv4 block up to /31 or an IPv6 block up to /127, such as 10.0.0.0/8");
  const block = network.slice(0, Number(size));
  return onText((value) => {
    const bits = addressBits(value);
    return bits?.length === network.length && bits.startsWith(block);
  });
}

/** AWS compares addresses as such: `::1` allows `0:0:0:0:0:0:0:1`. */
function sameTextOrAddress(text: string): Test {
  const bits = addressBits(text);
  return bits === undefined ? (value) => value === text : onText((value) => addressBits(value) === bits);
}

/** 32 or 128 zeros and ones. As in Java, `010` is ten, and an IPv4 address within IPv6 counts as IPv4. */
function addressBits(text: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const bytes = text.split(".").map(Number);
    return bytes.every((byte) => byte < 256) ? bytes.map((byte) => binary(byte, 8)).join("") : undefined;
  }
  if (!isIPv6(text) || /[.%]/.test(text)) return undefined;
  const [head = [], tail = []] = text
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  const groups = [...head, ...zeros, ...tail].map((group) => binary(Number.parseInt(group, 16), 16));
  return groups.join("").replace(/^0{80}1{16}/, "");
}

const binary = (value: number, length: number): string => value.toString(2).padStart(length, "0");

/** The leftmost place for each piece between stars is always the right one, so nothing is tried twice. */
function compileWildcard(text: string, path: Path): Test {
  const tokens = text.match(/\\[*\\]|[^\\]/g) ?? [];
  if (tokens.join("") !== text) refuse(path, "a backslash only before * or \\");
  if (tokens.some((token, i) => token === "*" && tokens[i + 1] === "*")) refuse(path, "no two * in a row");
  const pieces = [""];
  for (const token of tokens)
    if (token === "*") pieces.push("");
    else pieces.push(`${pieces.pop() ?? ""}${token.slice(-1)}`);
  const [first = "", ...middle] = pieces;
  const last = middle.pop();
  if (last === undefined) return (value) => value === first;
  return onText((value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    for (const piece of middle) {
      const at = value.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return from <= value.length - last.length;
  });
}

/** As in AWS, each character of the pattern stands for its lower and its upper case, `ß` thus for `ß` and `SS`. */
function sameIgnoringCase(text: string, part: "prefix" | "suffix" | "whole"): Test {
  const escaped = (character: string): string =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const either = text
    .split("")
    .map((unit) => `(?:${escaped(unit.toLowerCase())}|${escaped(unit.toUpperCase())})`);
  const pattern = new RegExp(
    `${part === "suffix" ? "" : "^"}${either.join("")}${part === "prefix" ? "" : "$"}`,
  );
  return onText((value) => pattern.test(value));
}

const onText =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === "string" && test(value);
const onNumber =
  (test: (value: number) => boolean): Test =>
  (value) =>
    typeof value === "number" && test(value);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function string(operand: unknown, path: Path): string {
  return typeof operand === "string" ? operand : refuse(path, "a string");
}

function oneOrMore(operand: unknown, path: Path): readonly unknown[] {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  return values.length > 0 ? values : refuse(path, "at least one value");
}

function onlyEntry(value: unknown, path: Path, expected: string): [key: string, value: unknown, path: Path] {
  const [entry, ...others] = isRecord(value) ? Object.entries(value) : [];
  if (entry === undefined || others.length > 0) refuse(path, `${expected} (an object with one key)`);
  return [...entry, [...path, entry[0]]];
}

export function refuse(path: Path, expected: string): never {
  throw new TypeError(`Event pattern, ${path.join(".") || "top level"}: expected ${expected}`);
}
