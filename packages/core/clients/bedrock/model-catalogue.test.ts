import { describe, expect, it } from "vitest";
import { catalogue, costOf, expectedMsOf, findEntry, geographyOf, profileFor } from "./model-catalogue.ts";

const entryOf = (id: string) => {
  const entry = findEntry(id);
  if (!entry) throw new Error(`${id} is not in the catalogue`);
  return entry;
};
const haiku = entryOf("anthropic.claude-haiku-5-5");
const tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

describe("the catalogue", () => {
  it("has every model once, and each family", () => {
    const names = catalogue.flatMap(({ id, profiles }) => [id, ...Object.values(profiles)]);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(catalogue.map(({ family }) => family))).toEqual(new Set(["claude", "llama", "nova"]));
  });

  it.each(catalogue.filter(({ family }) => family !== "claude"))("lets only Claude think: $id", (entry) => {
    expect(entry.parameters).not.toHaveProperty("thinking");
  });

  it("finds an entry by its id and by a profile's, and no other", () => {
    expect(findEntry("eu.anthropic.claude-haiku-5-5")).toBe(haiku);
    expect(findEntry("global.anthropic.claude-haiku-5-5")).toBe(haiku);
    expect(findEntry("ap.anthropic.claude-haiku-5-5")).toBeUndefined();
    expect(findEntry("constructor")).toBeUndefined();
  });
});

describe("a region", () => {
  it.each([
    ["us-east-1", "us"],
    ["us-west-2", "us"],
    ["eu-south-2", "eu"],
    ["us-gov-west-1", "global"],
    ["sa-east-1", "global"],
    ["eusc-de-east-1", "global"],
  ])("%s is served by %s profiles", (region, geography) => {
    expect(geographyOf(region)).toBe(geography);
  });

  it.each([
    ["anthropic.claude-haiku-5-5", "eu-west-1", "eu.anthropic.claude-haiku-5-5"],
    ["anthropic.claude-haiku-5-5", "sa-east-1", "global.anthropic.claude-haiku-5-5"],
    ["meta.llama4-scout-17b-instruct-v1:0", "us-east-1", "us.meta.llama4-scout-17b-instruct-v1:0"],
    ["meta.llama4-scout-17b-instruct-v1:0", "eu-west-1", undefined],
    ["amazon.nova-micro-v1:0", "sa-east-1", undefined],
  ])("asks %s in %s through %s", (id, region, profile) => {
    expect(profileFor(entryOf(id), region)).toBe(profile);
  });
});

describe("what a request costs", () => {
  it("is the sum of what was read, written and cached", () => {
    const all = { inputTokens: 1e3, outputTokens: 100, cacheReadTokens: 2e3, cacheWriteTokens: 400 };
    // 1,000 × 0.11 + 100 × 0.55 + 2,000 × 0.011 + 400 × 0.1375 dollars a million
    expect(costOf(haiku, all)).toBe(0.000_242);
  });

  it("is a tenth less through Claude's global profile", () => {
    const one = { ...tokens, inputTokens: 1e6 / 20 };
    expect(costOf(haiku, one, "us.anthropic.claude-haiku-5-5")).toBe(0.0055);
    expect(costOf(haiku, one, "global.anthropic.claude-haiku-5-5")).toBe(0.005);
  });

  it.each([
    [100_000, 0.011],
    [100_001, 0.055_000_55],
  ])("of %d tokens in is $%d: a long prompt is dearer as a whole", (prompt, cost) => {
    expect(costOf(haiku, { ...tokens, inputTokens: prompt })).toBe(cost);
    const cached = costOf(haiku, { ...tokens, inputTokens: prompt - 90_000, cacheReadTokens: 90_000 });
    expect(cached).toBeLessThan(cost);
  });
});

it("the time that an answer takes is the first token's and that of those after it", () => {
  expect(expectedMsOf(entryOf("amazon.nova-micro-v1:0"), 150)).toBe(625);
  expect(expectedMsOf(entryOf("amazon.nova-micro-v1:0"), 0)).toBe(250);
});
