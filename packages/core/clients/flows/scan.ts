/** Something that a text says, and where: `index` and `length` are those of the folded text. */
export type Found<Value = string> = { value: Value; index: number; length: number };

/** What to look for, and what a match means; undefined where it means nothing after all. */
export type Pattern<Value = string> = { pattern: RegExp; means: (match: string[]) => Value | undefined };

/** All that is found, in the order of the text. What an earlier pattern has taken, a later one does not see. */
export function scan<Value>(folded: string, patterns: readonly Pattern<Value>[]): Found<Value>[] {
  const found: Found<Value>[] = [];
  let rest = folded;
  for (const { pattern, means } of patterns) {
    for (const match of rest.matchAll(new RegExp(pattern, "g"))) {
      const value = means([...match].map((part) => part ?? ""));
      if (value === undefined) continue;
      found.push({ value, index: match.index, length: match[0].length });
      rest = without(rest, [{ index: match.index, length: match[0].length }]);
    }
  }
  return found.toSorted((a, b) => a.index - b.index);
}

/** The text with blanks where something was found. */
export function without(text: string, found: readonly { index: number; length: number }[]): string {
  return found.reduce(
    (rest, { index, length }) => rest.slice(0, index) + " ".repeat(length) + rest.slice(index + length),
    text,
  );
}
