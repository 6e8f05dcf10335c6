import { expect, test } from "vitest";
import { catalogue, type CatalogueEntry } from "#core/clients/bedrock/model-catalogue.ts";
import { targetMs } from "#core/domain/reply-time.ts";
import { RateCard } from "#core/clients/whatsapp/rate-card.ts";
import { OpeningHours, openingHoursTool } from "#functions/tools/opening-hours.ts";
import { orderStatusTool } from "#functions/tools/order-status.ts";
import { afterModelMs, simulate } from "../../scripts/latency/simulate.ts";
import { readText } from "./markdown.ts";

const [orders, hours, cards] = [...readText("docs/answers.md").matchAll(/```json\n([^`]+)```/g)].map(
  ([, text = ""]) => JSON.parse(text) as unknown,
);

test("the orders of docs/answers.md are what the tool reads", async () => {
  const tool = orderStatusTool({ url: "https://orders.example", fetch: async () => Response.json(orders) });
  const made = await tool.prepare({ order: "a-1042" })?.run({ scope: { phone: "1" }, timeoutMs: 1_000 });
  expect(made).toEqual(orders);
});

test("its opening hours are opening hours", async () => {
  const tool = openingHoursTool(OpeningHours.parse(hours), () => new Date("2026-11-23T06:30:00Z"));
  const on = async (date: string) => tool.prepare({ date })?.run({ scope: {}, timeoutMs: 1_000 });
  expect(await on("2026-11-23")).toEqual({
    now: "2026-11-23 07:30",
    openNow: true,
    date: "2026-11-23",
    hours: ["07:30-20:30"],
  });
  expect(await on("2026-11-28")).toMatchObject({ hours: ["08:30-14:00", "17:00-20:30"] });
  expect(await on("2026-12-25")).toMatchObject({ hours: [] });
});

test("its rate card is one", () => {
  expect(RateCard.array().parse(cards)).toEqual(cards);
});

const simulated = (change: Partial<CatalogueEntry["speed"]> = {}, quietMs = 700) => {
  const [model] = catalogue;
  if (!model) throw new Error("the catalogue is empty");
  return simulate({ ...model, speed: { ...model.speed, ...change } }, { quietMs, runs: 2_000, seed: 7 });
};

test("the latency report is the same for the same seed", () => {
  expect(simulated()).toEqual(simulated());
});

test("in it, what is slower is slower", () => {
  const [usual, slow, eager] = [simulated(), simulated({ firstTokenMs: 5_000 }), simulated({}, 0)];
  expect(slow.p50Ms).toBeGreaterThan(usual.p50Ms + 3_000);
  expect(usual.p90Ms).toBeGreaterThan(usual.p50Ms);
  expect(eager.p50Ms).toBeLessThan(usual.p50Ms);
  expect([slow.held, usual.held < 1]).toEqual([1, true]);
});

test("what the pipeline allows for the hops after the model is what they take", () => {
  expect(Math.abs(afterModelMs.assumed - afterModelMs.usual)).toBeLessThan(100);
});

test("what docs/answers.md concludes from it is so", () => {
  const of = (quietMs: number) =>
    catalogue.map((model) => simulate(model, { quietMs, runs: 20_000, seed: 1 }));
  expect(Math.min(...of(700).map(({ p90Ms }) => p90Ms))).toBeGreaterThan(targetMs);
  expect(Math.min(...of(0).map(({ p90Ms }) => p90Ms))).toBeGreaterThan(targetMs);
  expect(Math.min(...of(0).map(({ p50Ms }) => p50Ms))).toBeLessThan(targetMs);
});
