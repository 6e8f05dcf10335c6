/**
 * What one message costs of DynamoDB: the message, its reply and three statuses, through the handlers, with all
 * views. The client's table has $0.00001 for it, which is 16 write units on demand in us-east-1 ($0.625 per
 * million). It is not reached: the log itself takes 10 (8 commits, one of them of 2 KB, and the sent message's
 * place), the views the rest. A group's gate and an item's place in a list are what they cost beyond the items.
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

  it("costs at most 68 write units when every step reaches the views alone", async () => {
    const { calls } = await conversation.exchange(steps);
    print("each step alone", calls);
    expect(total(ofTheLog(calls), "writeUnits")).toBeLessThanOrEqual(10);
    expect(total(calls, "writeUnits")).toBeLessThanOrEqual(68);
    expect(total(ofLimits(calls), "writeUnits")).toBeLessThanOrEqual(3);
    expect(total(calls, "readUnits")).toBeLessThanOrEqual(200);
  });

  it("costs at most 33 when its events reach the views in two batches", async () => {
    const { calls } = await conversation.exchange(["delivered", "read"]);
    print("in two batches", calls);
    expect(total(ofViews(calls), "writeUnits")).toBeLessThanOrEqual(21);
    expect(total(calls, "writeUnits")).toBeLessThanOrEqual(33);
    expect(total(calls, "readUnits")).toBeLessThanOrEqual(110);
  });
});
