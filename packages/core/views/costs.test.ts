import { describe, expect, it } from "vitest";
import { ulid } from "ulid";
import type { ConversationEvent, EventOf } from "../events/conversation.ts";
import { noon, recorded } from "../testing/given.ts";
import { answerFacts, received, sent, status } from "../testing/samples.ts";
import { costs, type DayCosts } from "./costs.ts";
import { dayOfId } from "./day-of-id.ts";
import { foldInto } from "./view.ts";

const use = {
  inputTokens: 100,
  outputTokens: 10,
  cacheReadTokens: 5,
  cacheWriteTokens: 1,
  costUsd: 0.25,
  durationMs: 9,
};
const generated = (id: string): EventOf<"ReplyGenerated"> => ({
  type: "ReplyGenerated",
  data: {
    replyId: "R",
    answers: [],
    ...answerFacts("R"),
    model: { id, source: "bedrock", parameters: {} },
    use,
  },
});
const pricing = { category: "service", type: "regular", billable: true };
const billed = (
  messageId: string,
  value: EventOf<"DeliveryStatusReceived">["data"]["status"],
  data: Partial<EventOf<"DeliveryStatusReceived">["data"]> = {},
) => status(messageId, value, { pricing, market: "+34", ...data });

const daysAfter = (...events: ConversationEvent[]): DayCosts[] => [
  ...foldInto(costs, new Map<string, DayCosts>(), recorded(events, noon)).values(),
];
const count = (...events: ConversationEvent[]) =>
  daysAfter(...events).flatMap(({ messages }) => messages.map((one) => one.count));

describe("what a day cost", () => {
  it("is summed by model", () => {
    const [day] = daysAfter(generated("a"), generated("b"), generated("a"), {
      type: "ReplyWithheld",
      data: { replyId: "R", reason: "newer-message", draft: "", use },
    });
    expect(day?.models.map(({ model, calls, usd, inputTokens }) => [model, calls, usd, inputTokens])).toEqual(
      [
        ["b", 1, 0.25, 100],
        ["a", 2, 0.5, 200],
        ["none", 1, 0.25, 100],
      ],
    );
  });

  it("is the author's, whose answer was not fit to say", () => {
    const canned = generated("canned");
    const choice = { reason: "complaint", passedOver: [{ id: "a", reason: "refused" }] };
    const [day] = daysAfter({ ...canned, data: { ...canned.data, choice } });
    expect(day?.models.map(({ model }) => model)).toEqual(["a"]);
  });

  it("counts what came and what went, but no history", () => {
    const days = daysAfter(received("a"), received("b", { noReply: "history" }), sent("S"));
    expect(days).toMatchObject([{ day: "2026-11-23", received: 1, sent: 1 }]);
  });

  it("is nothing, where nothing was paid", () => {
    expect(
      daysAfter({ type: "ReplyGenerated", data: { replyId: "R", answers: [], ...answerFacts("R") } }),
    ).toEqual([]);
  });
});

describe("a message of WhatsApp's", () => {
  it.each([
    [["delivered", "read"], [1]],
    [["read", "delivered"], [1]],
    [["sent", "delivered", "read", "played"], [1]],
    [["sent"], []],
    [["failed"], []],
    [["played"], [1]],
  ] as const)("of which come %j is billed %j", (statuses, expected) => {
    expect(count(...statuses.map((value) => billed("m", value)))).toEqual(expected);
  });

  it("is one, and another is another", () => {
    expect(count(billed("m", "delivered"), billed("n", "delivered"), billed("n", "read"))).toEqual([2]);
  });

  it("counts for the day that it was asked for, whenever its statuses come: midnight doubles none", () => {
    const sendId = ulid(Date.parse("2026-11-22T23:59:59.999Z"));
    const next = recorded([billed("m", "delivered", { sendId })], noon);
    const later = recorded([billed("m", "read", { sendId })], "2026-11-24T00:00:00.000Z").map((event) => ({
      ...event,
      version: 2,
    }));
    const items = foldInto(costs, new Map<string, DayCosts>(), [...next, ...later]);
    expect([...items].map(([day, { messages }]) => [day, messages[0]?.count])).toEqual([["2026-11-22", 1]]);
  });

  it("is apart by category, type, market, and whether it is billed at all", () => {
    const kinds = [
      {},
      { market: "+55" },
      { pricing: { ...pricing, category: "utility" } },
      { pricing: { ...pricing, type: "free_customer_service" } },
      { pricing: { ...pricing, billable: false } },
      { pricing: {}, market: undefined },
    ];
    const days = daysAfter(...kinds.map((data, index) => billed(`m${index}`, "delivered", data as object)));
    expect(days[0]?.messages).toHaveLength(kinds.length);
    expect(days[0]?.messages.at(-1)).toEqual({
      category: "unknown",
      type: "unknown",
      market: "unknown",
      billable: true,
      count: 1,
    });
  });
});

it("is forgotten with the person", () => {
  expect(daysAfter(generated("a"), { type: "ContactErased", data: {} })).toEqual([]);
});

it("a conversation stays where it is in a day's list, whatever it comes to cost", () => {
  const place = (...events: ConversationEvent[]) => {
    const [day] = daysAfter(...events);
    return day && costs.index?.(day, "s");
  };
  const place1 = place(generated("a"));
  expect(place1?.partition).toBe("2026-11-23");
  expect(place(generated("a"), generated("a"))).toEqual(place1);
});

it.each([
  [ulid(Date.parse("2026-11-23T00:00:00.000Z")), "2026-11-23"],
  [ulid(Date.parse("2026-11-22T23:59:59.999Z")), "2026-11-22"],
  ["7ZZZZZZZZZZZZZZZZZZZZZZZZZ", undefined],
  ["send-R", undefined],
  ["", undefined],
])("the id %s is of %s", (id, day) => {
  expect(dayOfId(id)).toBe(day);
});
