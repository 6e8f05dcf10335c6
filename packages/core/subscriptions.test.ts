import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerMsMax } from "./domain/reply-time.ts";
import { subscriptions } from "./subscriptions.ts";

describe("subscriptions", () => {
  it("have a name each: it names a queue", () => {
    const names = subscriptions.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(subscriptions)("$name has a handler in its folder", ({ name, folder }) => {
    const file = new URL(`../functions/${folder}/${name}.ts`, import.meta.url);
    expect(existsSync(file)).toBe(true);
  });

  it.each(subscriptions)("$name hears of our conversations only", ({ pattern }) => {
    expect(pattern).toMatchObject({ source: ["hilo"], detail: { stream: [{ prefix: "conversation-" }] } });
  });

  it("generate-reply has time for the longest quiet, the longest answer and a model's setup", () => {
    const { visibilityTimeoutSec = 0 } = subscriptions.find(({ name }) => name === "generate-reply") ?? {};
    const quietMsMax = 10_000;
    expect(visibilityTimeoutSec * 500).toBeGreaterThanOrEqual(1.5 * (quietMsMax + answerMsMax));
  });

  it.each(subscriptions)("$name has limits that SQS and Lambda take", (subscription) => {
    const { batchSize, concurrency, visibilityTimeoutSec, receivesMax } = subscription;
    expect(batchSize).toBeGreaterThanOrEqual(1);
    expect(batchSize).toBeLessThanOrEqual(10);
    // an event source mapping's MaximumConcurrency
    expect(concurrency).toBeGreaterThanOrEqual(2);
    expect(concurrency).toBeLessThanOrEqual(1_000);
    expect(visibilityTimeoutSec).toBeGreaterThanOrEqual(30);
    expect(receivesMax).toBeGreaterThanOrEqual(2);
  });
});
