/**
 * What one message costs of DynamoDB: the message, its reply and three statuses, through the handlers, with all
 * views. The client's table has $0.00001 for it, which is 16 write units on demand in us-east-1 ($0.625 per
 * million). It is not reached: 25 when the events reach the views in two batches. 9 are the log's: eight commits
 * (the message, the answer's claim, the answer, the send's claim, that it was sent, three statuses), for nothing
 * may be lost or happen twice, and the sent message's place, by which its statuses find it. 3 are the limits'.
 * 13 are the views': 7 the transcript's, which has two rows, a gate and the place of each in a list, and its ticks
 * after that; 3 the list of conversations, whose row moves to the top; and 1 each for the context, the costs, and
 * that a send which might have been parked was not. What only passes by a view costs it nothing.
 */
import { beforeAll, describe, expect, inject, it } from "vitest";
import { subscriptions } from "#core/subscriptions.ts";
import { conversationOnDynamo, steps, type Call } from "./recorded-conversation.ts";

const endpoint = inject("dynamodbEndpoint");
const goal = 16;

const total = (calls: readonly Call[], unit: "writeUnits" | "readUnits") =>
  calls.reduce((sum, call) => sum + call[unit], 0);

const print = (title: string, calls: readonly Call[]) => {
  const groups = Object.groupBy(calls, (call) => `${call.during}: ${call.table}, ${call.command}`);
  const rows = Object.entries(groups).map(([name, same = []]) => [
    name,
    { calls: same.length, write: total(same, "writeUnits"), read: total(same, "readUnits") },
  ]);
  console.log(
    `${title}: ${total(calls, "writeUnits")} write units (goal ${goal}), ${total(calls, "readUnits")} read units`,
  );
  console.table(Object.fromEntries(rows));
};

const views = subscriptions.filter(({ folder }) => folder === "projections").map(({ name }) => name);
const ofViews = (calls: readonly Call[]) => calls.filter(({ during }) => views.includes(during));
const ofLimits = (calls: readonly Call[]) => calls.filter(({ table }) => table === "limits");
const ofTheLog = (calls: readonly Call[]) =>
  calls.filter(({ during, table }) => !views.includes(during) && table !== "limits");

describe.skipIf(endpoint === undefined)("one message on DynamoDB", () => {
  let conversation: Awaited<ReturnType<typeof conversationOnDynamo>>;
  beforeAll(async () => {
    conversation = await conversationOnDynamo(endpoint ?? "");
    await conversation.exchange(steps);
  });

  it("costs at most 42 write units when every step reaches the views alone", async () => {
    const { calls } = await conversation.exchange(steps);
    print("each step alone", calls);
    expect(total(ofTheLog(calls), "writeUnits")).toBeLessThanOrEqual(10);
    expect(total(calls, "writeUnits")).toBeLessThanOrEqual(42);
    expect(total(ofLimits(calls), "writeUnits")).toBeLessThanOrEqual(3);
    expect(total(calls, "readUnits")).toBeLessThanOrEqual(150);
  });

  it("costs at most 25 when its events reach the views in two batches", async () => {
    const { calls } = await conversation.exchange(["delivered", "read"]);
    print("in two batches", calls);
    expect(total(ofViews(calls), "writeUnits")).toBeLessThanOrEqual(13);
    expect(total(calls, "writeUnits")).toBeLessThanOrEqual(25);
    expect(total(calls, "readUnits")).toBeLessThanOrEqual(100);
  });
});
