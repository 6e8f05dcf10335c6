import { describe, expect, it } from "vitest";
import { builtInRateCards, messageUsd, RateCard } from "./rate-card.ts";

const billed = { category: "service", type: "regular", market: "+55", billable: true };

describe("the price of a message", () => {
  it.each([
    ["2025-06-30", billed, undefined],
    ["2025-07-01", billed, 0],
    ["2026-09-30", billed, 0],
    ["2026-10-01", billed, 0.0034],
    ["2026-10-01", { ...billed, market: "BR" }, 0.0034],
    ["2026-10-01", { ...billed, market: "+34" }, undefined],
    ["2026-10-01", { ...billed, market: "unknown" }, undefined],
    ["2026-10-01", { ...billed, category: "marketing" }, undefined],
    ["2026-10-01", { ...billed, type: "free_customer_service" }, 0],
    ["2026-10-01", { ...billed, type: "free_entry_point", market: "+34" }, 0],
    ["2026-10-01", { ...billed, billable: false, market: "+34" }, 0],
    ["2026-10-01", { ...billed, category: "constructor" }, undefined],
    ["2026-10-01", { ...billed, market: "constructor" }, undefined],
  ])("on %s, of %j, is %s: what is not known is not nothing", (day, message, usd) => {
    expect(messageUsd(builtInRateCards, day, message)).toBe(usd);
  });

  it("is a market's own before what holds everywhere", () => {
    const cards = [
      RateCard.parse({
        from: "2026-01-01",
        source: "ours",
        everywhere: { service: 0.01 },
        markets: { "+34": { service: 0.02 } },
      }),
    ];
    expect(messageUsd(cards, "2026-02-01", { ...billed, market: "+34" })).toBe(0.02);
    expect(messageUsd(cards, "2026-02-01", billed)).toBe(0.01);
  });

  it("is of the newest card, in whatever order they are listed", () => {
    const cards = ["2026-02-01", "2026-01-01"].map((from, index) =>
      RateCard.parse({ from, source: "ours", everywhere: { service: index + 1 } }),
    );
    expect(messageUsd(cards, "2026-03-01", billed)).toBe(1);
    expect(messageUsd(cards, "2026-01-31", billed)).toBe(2);
  });
});

it("the cards that come with Hilo are cards, and say where they are from", () => {
  for (const card of builtInRateCards) expect(RateCard.parse(card)).toEqual(card);
});
