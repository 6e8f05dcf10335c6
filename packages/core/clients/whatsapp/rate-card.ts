/**
 * What WhatsApp charges for a message that arrived, by Meta's rate cards. A card is valid until the next one begins.
 * Rates are contracts, so the ones that count are yours (HILO_RATE_CARD): what is here is what can be said without.
 */
import * as z from "zod";

const usd = z.number().min(0).max(10);

export const RateCard = z.strictObject({
  /** ISO date from which it is valid. */
  from: z.iso.date(),
  /** Where the figures are from. */
  source: z.string(),
  /** In US dollars, by Meta's category, wherever no market says otherwise. */
  everywhere: z.record(z.string(), usd).default({}),
  /** By calling code ("+34"), or by country where only a user id is known ("ES"). */
  markets: z
    .record(z.string().regex(/^(\+\d{1,3}|[A-Z]{2})$/, "expected +34 or ES"), z.record(z.string(), usd))
    .default({}),
});
export type RateCard = z.infer<typeof RateCard>;

export const builtInRateCards: readonly RateCard[] = [
  {
    from: "2025-07-01",
    source: "Meta, Pricing on the WhatsApp Business Platform: messages that are no template are free",
    everywhere: { service: 0 },
    markets: {},
  },
  {
    from: "2026-10-01",
    source:
      "reported by partners, not confirmed by Meta: service messages are charged since, in Brazil 0.0034; others unknown",
    everywhere: {},
    markets: { "+55": { service: 0.0034 }, BR: { service: 0.0034 } },
  },
];

export type Billed = { category: string; type: string; market: string; billable: boolean };

/** In US dollars; undefined when no card says. What Meta says is free, is. */
export const messageUsd = (
  cards: readonly RateCard[],
  day: string,
  { category, type, market, billable }: Billed,
): number | undefined => {
  if (!billable || type.startsWith("free_")) return 0;
  const card = cards.filter(({ from }) => from <= day).toSorted((a, b) => (a.from < b.from ? 1 : -1))[0];
  if (!card) return undefined;
  const rates = Object.hasOwn(card.markets, market) ? card.markets[market] : undefined;
  return own(rates, category) ?? own(card.everywhere, category);
};

/** Categories come from outside, and may be named like anything. */
const own = (rates: Record<string, number> | undefined, category: string): number | undefined =>
  rates && Object.hasOwn(rates, category) ? rates[category] : undefined;
