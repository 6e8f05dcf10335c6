import { compileValue, isRecord, isScalar, refuse } from "./event-pattern-value.ts";
import type { Condition, Path, Scalar, Test } from "./event-pattern-value.ts";

/**
 * EventBridge's event patterns, answering as AWS's own matcher does (aws/event-ruler 1.8.1, which gave the answers in
 * `event-pattern.cases.ts`), except where its answer looks like a slip:
 * - `$or` naming a field that its siblings name too is refused; event-ruler lets the later one silently win.
 * - Two branches may both allow one field's absence; event-ruler can lose one of them.
 * - Conditions of one field never mix; event-ruler lets `*\\A` beside another one match too much.
 * - An IPv4 block holds no IPv6 address, nor the reverse; event-ruler finds `1.2.3.4` in `::/0`.
 * - Ignoring case, an emoji equals itself; event-ruler takes it for `??`.
 * - A quotation mark in a `prefix` or `suffix` is a character; event-ruler also takes it for the value's border.
 * - Numbers are what `JSON.parse` made of them; event-ruler takes those beyond a double's precision as written.
 * - A field may have no name within another; event-ruler never finds `{ a: { "": … } }`.
 */
export type EventPattern = {
  readonly [field: string]: EventPattern | readonly (Scalar | Condition | EventPattern)[];
};

type Rule = { readonly name: string; readonly test: Test; readonly mayBeAbsent: boolean };
/** The element a value sits in, for each array (numbered as met) around it. */
type Place = ReadonlyMap<number, number>;
type Values = ReadonlyMap<string, readonly { readonly value: Scalar; readonly place: Place }[]>;

/** Throws a `TypeError` that names the path in the pattern and what is allowed there. */
export function compilePattern(pattern: Readonly<Record<string, unknown>>): (event: unknown) => boolean {
  const alternatives = compileObject(pattern, []).map(inOrderOfName);
  const wanted = new Set(alternatives.flat().flatMap(({ name }) => withParents(name)));
  return (event) => {
    if (!isRecord(event)) return false;
    const values = valuesByName(event, wanted);
    return alternatives.some((rules) => satisfies(rules, values));
  };
}

/** The alternatives that `$or` leaves open, multiplied out: the fields of one must share array elements. */
function compileObject(pattern: unknown, path: Path, insideOr = false): Rule[][] {
  if (!isRecord(pattern)) refuse(path, "an array of allowed values, or an object of fields");
  const fields = Object.entries(pattern).map(([field, allowed]) => {
    const at = [...path, field];
    if (field === "$or" && isListOfBranches(allowed)) {
      if (allowed.length < 2) refuse(at, "at least two objects");
      return allowed.flatMap((branch) => compileObject(branch, path, true));
    }
    if (insideOr && reservedInOr.has(field)) refuse(at, "a name that AWS does not reserve inside $or");
    return Array.isArray(allowed) ? [[compileField(allowed, at)]] : compileObject(allowed, at, insideOr);
  });
  if (fields.length === 0) refuse(path, "at least one field");
  return fields.reduce((all, branches) =>
    all.flatMap((rules) => branches.map((branch) => [...rules, ...branch])),
  );
}

/** Anything else under `$or` makes it a field of that name, as in AWS. */
function isListOfBranches(allowed: unknown): allowed is readonly object[] {
  const isBranch = (item: unknown) =>
    isRecord(item) && !Object.keys(item).some((field) => reservedInOr.has(field));
  return Array.isArray(allowed) && allowed.every(isBranch);
}

/** From event-ruler's `Constants.java`: its operators, and those it may have one day. */
const reservedInOr = new Set(
  (
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex " +
    "not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range " +
    "ip-address-in-range ip-address-not-in-range"
  ).split(" "),
);

function compileField(allowed: readonly unknown[], path: Path): Rule {
  if (allowed.length === 0) refuse(path, "at least one value");
  const tests = allowed.map((value) => compileValue(value, path));
  return {
    name: path.join("."),
    test: (value) => tests.some((test) => test(value)),
    mayBeAbsent: allowed.some((value) => isRecord(value) && value["exists"] === false),
  };
}

/** AWS goes by name, and `exists: false` makes the order visible: see `satisfies`. */
function inOrderOfName(rules: readonly Rule[]): Rule[] {
  const sorted = rules.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const [i, { name }] of sorted.entries())
    if (sorted[i + 1]?.name === name) refuse([name], "no second list of values, not even by way of $or");
  return sorted;
}

/** `a.b.c` is found by way of `a` and `a.b`. */
const withParents = (name: string): string[] =>
  name.split(".").map((_, i, steps) => steps.slice(0, i + 1).join("."));

/** Objects and empty arrays leave no value, so they count as absent. */
function valuesByName(event: object, wanted: ReadonlySet<string>): Values {
  const values = new Map<string, { value: Scalar; place: Place }[]>();
  let arrays = 0;
  const collect = (value: unknown, name: string, place: Place): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, element] of value.entries())
        collect(element, name, isScalar(element) ? place : new Map(place).set(array, index));
    } else if (isRecord(value)) {
      for (const [field, inner] of Object.entries(value)) {
        const innerName = name === "" ? field : `${name}.${field}`;
        if (wanted.has(innerName)) collect(inner, innerName, place);
      }
    } else if (isScalar(value)) {
      const known = values.get(name);
      if (known === undefined) values.set(name, [{ value, place }]);
      else known.push({ value, place });
    }
  };
  collect(event, "", new Map());
  return values;
}

/**
 * Every rule needs a value, or a permitted absence, and no two values may sit in different elements of one array.
 * Absent means: no value in the elements that earlier rules settled on, nor in any element of an array still open.
 */
function satisfies(rules: readonly Rule[], values: Values): boolean {
  const steps = rules.map(({ name, test, mayBeAbsent }) => {
    const present = values.get(name) ?? [];
    // The scalars of one array share a place, so a thousand matching tags are one way on, not a thousand.
    const matching = new Set(present.filter(({ value }) => test(value)).map(({ place }) => place));
    return { present, matching: [...matching], mayBeAbsent };
  });
  if (steps.some(({ matching, mayBeAbsent }) => matching.length === 0 && !mayBeAbsent)) return false;
  const from = (i: number, settled: Place): boolean => {
    const step = steps[i];
    if (step === undefined) return true;
    const isAbsent = step.mayBeAbsent && !step.present.some(({ place }) => agree(settled, place));
    if (isAbsent && from(i + 1, settled)) return true;
    return step.matching.some(
      (place) => agree(settled, place) && from(i + 1, new Map([...settled, ...place])),
    );
  };
  return from(0, new Map());
}

function agree(settled: Place, place: Place): boolean {
  return [...place].every(([array, index]) => (settled.get(array) ?? index) === index);
}
