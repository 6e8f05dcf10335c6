import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ConversationEvent } from "../events/conversation.ts";
import { anyHistory } from "../testing/any-history.ts";
import { received, sendRequested, sendStarted, sent } from "../testing/samples.ts";
import { foldDecided, initial, gathered, sendsRemembered, type Conversation } from "./conversation.ts";
import { seenIds } from "./seen.ts";

const start = Date.parse("2026-11-23T12:00:00.000Z");
const after = (ms: number): string => new Date(start + ms).toISOString();

const foldAll = (events: readonly ConversationEvent[], state = initial): Conversation =>
  foldDecided(state, events, after(0));

const aSend = (sendId: string) => [sendRequested(sendId), sendStarted(sendId), sent(sendId)];
const sends = (count: number): ConversationEvent[] =>
  Array.from({ length: count }, (_, index) => aSend(`s${index}`)).flat();

it.each([
  [sendsRemembered + gathered, sendsRemembered + gathered],
  [sendsRemembered + gathered + 1, sendsRemembered],
  [sendsRemembered + gathered + 2, sendsRemembered + 1],
])("of %d settled sends it remembers %d, the newest", (count, remembered) => {
  const kept = Object.keys(foldAll(sends(count)).sends);
  expect(kept).toHaveLength(remembered);
  expect(kept.at(-1)).toBe(`s${count - 1}`);
});

it("a send that is not settled is never forgotten", () => {
  const state = foldAll([sendRequested("waiting"), ...sends(2 * sendsRemembered)]);
  expect(state.sends["waiting"]).toMatchObject({ phase: "requested" });
});

it("folding in two parts gives what folding at once gives, and counts what is settled", () =>
  fc.assert(
    fc.property(anyHistory, fc.nat(40), (events, cut) => {
      const whole = foldAll(events);
      expect(foldAll(events.slice(cut), foldAll(events.slice(0, cut)))).toEqual(whole);
      const settled = Object.values(whole.sends).filter(
        ({ phase }) => phase === "sent" || phase === "failed",
      );
      expect(whole.settled).toBe(settled.length);
    }),
  ));

it.each<[string, () => ConversationEvent]>([
  ["sent", () => sent("s")],
  [
    "failed for good",
    () => ({ type: "SendFailed", data: { sendId: "s", retry: "never", reason: "refused" } }),
  ],
])("what a send says is known until it is settled: %s", (_, settling) => {
  const started = [sendRequested("s"), sendStarted("s")];
  expect(foldAll(started).sends["s"]?.content).toMatchObject({ type: "text" });
  const settled = foldAll([...started, settling()]).sends["s"];
  expect(settled).toMatchObject({ type: "text" });
  expect(settled).not.toHaveProperty("content");
});

it("what an absorbed conversation has seen is known, and noted down once", () => {
  const absorbed: ConversationEvent = {
    type: "ConversationAbsorbed",
    data: { from: "other", seen: { m1: "digest-of-another", m2: "d2" } },
  };
  const { seen } = foldAll([received("m1", { digest: "d1" }), absorbed]);
  expect(seenIds(seen)).toEqual({ m1: "d1", m2: "d2" });
});
