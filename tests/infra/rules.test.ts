import { describe, expect, inject, test } from "vitest";
import { readGraph } from "./graph.ts";
import { rules } from "./rules.ts";

describe.each(["personal", "staging", "production", "datadog", "answers"] as const)("%s", (stage) => {
  const graph = readGraph(inject("graphs")[stage]);

  test.each(Object.entries(rules))("%s", (_, { check }) => {
    expect(check(graph)).toEqual([]);
  });
});

test("what a setting asks for is there", () => {
  const names = (variant: "staging" | "datadog" | "answers" | "production") =>
    readGraph(inject("graphs")[variant]).resources.map(({ name }) => name);
  expect(names("staging")).toEqual(
    expect.arrayContaining(["EdgeCertificate", "EdgeA", "EdgeAAAA", "AlertsEmail", "Sampling"]),
  );
  expect(names("datadog")).toEqual(expect.arrayContaining(["DatadogKeyVersion"]));
  expect(names("answers")).toEqual(expect.arrayContaining(["Cache", "VpcNatGateway1"]));
  expect(names("production").filter((name) => /^(Cache|Vpc)/.test(name))).toEqual([]);
});
