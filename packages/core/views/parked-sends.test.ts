import { expect, it } from "vitest";
import type { ConversationEvent, EventOf } from "../events/conversation.ts";
import { recorded, stream } from "../testing/given.ts";
import { sendRequested, sendStarted, sent, started } from "../testing/samples.ts";
import { parkedSends, type ParkedSend } from "./parked-sends.ts";
import { foldInto } from "./view.ts";

const after = (...events: ConversationEvent[]) =>
  foldInto(parkedSends, new Map<string, ParkedSend>(), recorded([started(), sendRequested("s1"), ...events]));

const parked: ConversationEvent = { type: "SendParked", data: { sendId: "s1" } };
const uncertain: ConversationEvent = { type: "SendUncertain", data: { sendId: "s1", reason: "timeout" } };
const failed = (retry: EventOf<"SendFailed">["data"]["retry"]): ConversationEvent => ({
  type: "SendFailed",
  data: { sendId: "s1", retry, reason: "told" },
});
const resolved: ConversationEvent = { type: "SendResolved", data: { sendId: "s1", by: "ana" } };

const open = {
  conversationId: stream,
  sendId: "s1",
  content: { type: "text", text: "A las 8:00." },
  requestedAt: "2026-11-23T12:00:01.000Z",
};

it.each<[string, ConversationEvent[]]>([
  ["is asked for", []],
  ["is under way", [sendStarted("s1")]],
  ["is uncertain", [sendStarted("s1"), uncertain]],
  ["is to be tried later", [sendStarted("s1"), failed("later")]],
])("a send that %s waits for nobody", (_, events) => {
  const item = after(...events).get("s1");
  expect(item).toEqual(open);
  expect(item && parkedSends.index?.(item, stream)).toBeUndefined();
});

it("a parked send stands among the parked, by when it was parked", () => {
  const parkedAt = "2026-11-23T12:00:04.000Z";
  const item = after(sendStarted("s1"), uncertain, parked).get("s1");
  expect(item).toEqual({ ...open, parkedAt });
  expect(item && parkedSends.index?.(item, stream)).toEqual({ partition: "parked", sort: parkedAt });
});

it.each<[string, ConversationEvent[]]>([
  ["went out", [sendStarted("s1"), sent("s1")]],
  ["went out after all", [sendStarted("s1"), parked, sent("s1")]],
  ["failed for good", [sendStarted("s1"), failed("never")]],
  ["failed in its form", [sendStarted("s1"), failed("template")]],
  ["a person decided about", [sendStarted("s1"), parked, resolved]],
  ["was to somebody erased", [sendStarted("s1"), parked, { type: "ContactErased", data: {} }]],
])("a send that %s is gone", (_, events) => {
  expect([...after(...events)]).toEqual([]);
});
