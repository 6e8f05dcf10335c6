import { describe, expect, inject, test } from "vitest";
import { readGraph } from "./graph.ts";
import { rules } from "./rules.ts";

describe.each(["personal", "production"] as const)("a %s stage", (stage) => {
  const graph = readGraph(inject("graphs")[stage]);

  test.each(Object.entries(rules))("%s", (_, { check }) => {
    expect(check(graph)).toEqual([]);
  });
});
