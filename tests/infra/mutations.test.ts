/** Every rule is broken on purpose, in every way it should notice. `slips.test.ts` breaks the stacks themselves. */
import { describe, expect, inject, test } from "vitest";
import { readGraph } from "./graph.ts";
import { rules } from "./rules.ts";

const graph = readGraph(inject("graphs").production);

describe.each(Object.entries(rules))("%s", (_, { check, breaks }) => {
  test("can be broken", () => {
    expect(Object.keys(breaks)).not.toEqual([]);
  });

  test.each(Object.entries(breaks))("notices: %s", (_, breakIt) => {
    const broken = structuredClone(graph);
    breakIt(broken);
    expect(check(broken)).not.toEqual([]);
  });
});
