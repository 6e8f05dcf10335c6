/** Every rule is broken on purpose, in every way it should notice. `slips.test.ts` breaks the stacks themselves. */
import { describe, expect, inject, test } from "vitest";
import { readGraph } from "./graph.ts";
import { ofTheCache, rules } from "./rules.ts";

const graphs = inject("graphs");
const production = readGraph(graphs.production);
const withCache = readGraph(graphs.answers);

describe.each(Object.entries(rules))("%s", (rule, { check, breaks }) => {
  test("can be broken", () => {
    expect(Object.keys(breaks)).not.toEqual([]);
  });

  test.each(Object.entries(breaks))("notices: %s", (_, breakIt) => {
    const broken = structuredClone(ofTheCache.has(rule) ? withCache : production);
    breakIt(broken);
    expect(check(broken)).not.toEqual([]);
  });
});
