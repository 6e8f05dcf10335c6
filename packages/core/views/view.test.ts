import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { anyHistory } from "../testing/any-history.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { golden } from "../testing/golden.ts";
import { recorded } from "../testing/given.ts";
import { received, started, tookOver } from "../testing/samples.ts";
import { views } from "./all.ts";
import { foldInto, sortable, type View } from "./view.ts";

/** Of each key, the versions that touched it. A take-over touches all there are; version 5 removes what it touches. */
const versions: View<number[]> = {
  name: "versions",
  item: z.array(z.int()),
  heeds: ["HumanTookOver", "MessageReceived"],
  touches: ({ type }) => (type === "HumanTookOver" ? "all" : type === "MessageReceived" ? ["a", "b"] : []),
  evolve: (item = [], { version }) => (version === 5 ? undefined : [...item, version]),
};

describe("what a view heeds", () => {
  const events = recorded(
    golden
      .map(({ type, data }) => ({ type, data }) as ConversationEvent)
      .filter(({ type }) => !["UpdateQuarantined", "AccountUpdateReceived"].includes(type)),
  );

  const began = events.filter(({ type }) => type === "ConversationStarted");

  it.each(views)("is all that $name would make something of, were it asked", (view) => {
    const items = events.flatMap((event) => [
      ...foldInto(view, new Map<string, unknown>(), [...began, event]).values(),
    ]);
    expect(items.length).toBeGreaterThan(0);
    for (const event of events.filter(({ type }) => !view.heeds.includes(type))) {
      if (view.touches(event).length === 0) continue;
      for (const item of items) expect(view.evolve(item, event)).toEqual(item);
    }
  });

  it.each(views)("has nothing in it that no item of $name hangs on", (view) => {
    const touching = events.filter((event) => view.touches(event).length > 0).map(({ type }) => type);
    expect(view.heeds.filter((type) => !touching.includes(type))).toEqual([]);
  });

  it.each(views)("has the erasure of a person in it: $name", ({ heeds }) => {
    expect(heeds).toContain("ContactErased");
  });
});

describe("a fold", () => {
  const events = recorded([started(), received("m1"), tookOver(), received("m2"), received("m3")]);

  it("changes the items that an event touches, and no others", () => {
    const items = foldInto(versions, new Map([["c", [0]]]), events.slice(0, 2));
    expect(Object.fromEntries(items)).toEqual({ a: [2], b: [2], c: [0] });
  });

  it("of what touches all changes what is there, and makes nothing", () => {
    expect([...foldInto(versions, new Map<string, number[]>(), events.slice(2, 3))]).toEqual([]);
    const items = foldInto(versions, new Map([["c", [0]]]), events.slice(0, 3));
    expect(Object.fromEntries(items)).toEqual({ a: [2, 3], b: [2, 3], c: [0, 3] });
  });

  it("removes an item of which nothing is left", () => {
    const items = foldInto(versions, new Map([["c", [0]]]), events);
    expect(Object.fromEntries(items)).toEqual({ c: [0, 3] });
  });

  it("is the same in one run as in any two", () =>
    fc.assert(
      fc.property(fc.constantFrom(...views), anyHistory, fc.nat(40), (view, history, cut) => {
        const all = recorded(history);
        const inTwo = foldInto(view, foldInto(view, new Map(), all.slice(0, cut)), all.slice(cut));
        expect(inTwo).toEqual(foldInto(view, new Map(), all));
      }),
    ));

  it("leaves what it was given as it was", () =>
    fc.assert(
      fc.property(fc.constantFrom(...views), anyHistory, fc.nat(40), (view, history, cut) => {
        const all = recorded(history);
        const before = foldInto(view, new Map(), all.slice(0, cut));
        const copy = structuredClone(before);
        foldInto(view, new Map(before), all.slice(cut));
        expect(before).toEqual(copy);
      }),
    ));
});

it("versions sort as text as they do as numbers", () =>
  fc.assert(
    fc.property(fc.nat(9_999_999_999), fc.nat(9_999_999_999), (one, other) => {
      expect(sortable(one) < sortable(other)).toBe(one < other);
    }),
  ));
