import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ConversationEvent } from "../events/conversation.ts";
import { anyHistory } from "../testing/any-history.ts";
import { received, sendRequested, sendStarted, sent } from "../testing/samples.ts";
import {
  foldDecided,
  initial,
  seenAtLeast,
  seenForMs,
  sendsGathered,
  sendsRemembered,
  type Conversation,
} from "./conversation.ts";

const start = Date.parse("2026-11-23T12:00:00.000Z");
const after = (ms: number): string => new Date(start + ms).toISOString();

const foldAll = (events: readonly ConversationEvent[], state = initial): Conversation =>
  foldDecided(state, events, after(0));

const aSend = (sendId: string) => [sendRequested(sendId), sendStarted(sendId), sent(sendId)];
const sends = (count: number): ConversationEvent[] =>
  Array.from({ length: count }, (_, index) => aSend(`s${index}`)).flat();

it.each([
  [sendsRemembered + sendsGathered, sendsRemembered + sendsGathered],
  [sendsRemembered + sendsGathered + 1, sendsRemembered],
  [sendsRemembered + sendsGathered + 2, sendsRemembered + 1],
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

it.each([
  ["just within the time", 0, 2 * seenAtLeast],
  ["longer ago", 1, seenAtLeast],
])("ids of %s are remembered as long as they must be", (_, more, known) => {
  const old = Array.from({ length: 2 * seenAtLeast - 1 }, (_value, index) => received(`m${index}`));
  const state = foldDecided(foldAll(old), [received("newest")], after(seenForMs + more));
  expect(Object.keys(state.seen)).toHaveLength(known);
  expect(Object.keys(state.seen).at(-1)).toBe("newest");
});
