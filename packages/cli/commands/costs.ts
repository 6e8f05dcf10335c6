import { costsOfConversation, costsOfDay, type Day, type DayOfAll } from "#functions/queries/costs.ts";
import { daysMax, daysOf, periodOf } from "#functions/queries/get-costs.ts";
import { loadRateCards } from "#functions/shared/rate-cards.ts";
import { command, settings } from "../command.ts";
import { UsageError } from "../errors.ts";
import { findConversation } from "../find-conversation.ts";
import { withStores } from "../open-data.ts";
import { showTable } from "../output.ts";

export const costs = command({
  name: "costs",
  about: "Says what was spent on models and on WhatsApp's messages, by day, of all conversations or of one.",
  positionals: ["[conversation]"],
  options: {
    from: { type: "string", value: "date", about: "the first day (UTC); 7 days up to the last by default" },
    to: { type: "string", value: "date", about: "the last day (UTC); today by default" },
  },
  examples: [
    ["", "the last seven days"],
    ["--from 2026-11-01 --to 2026-11-30", "a month"],
    ["34600000001", "one customer's, by phone or by conversation"],
    ["--json | jq .modelUsd", "in numbers"],
  ],
  async run({ values, positionals: [whose], out }) {
    const config = settings(values);
    const rateCards = await loadRateCards(config.HILO_RATE_CARD);
    const period = periodOf({ from: day("from", values.from), to: day("to", values.to) }, new Date());
    if (!period) throw new UsageError(`--from and --to are at most ${daysMax} days, in order`);
    return withStores(config, async (stores) => {
      const deps = { ...stores, rateCards };
      const days =
        whose === undefined
          ? await Promise.all(daysOf(period).map((one) => costsOfDay(deps, one)))
          : await costsOfConversation(deps, await findConversation(stores, whose), period);
      for (const one of days) out.value(one);
      showTable(out, header, days.map(row), "Nothing was spent or said.");
      if (days.some(({ metaUnknown }) => metaUnknown > 0))
        out.note("For some of WhatsApp's messages there is no rate: name your rate card (HILO_RATE_CARD).");
      return 0;
    });
  },
});

const day = (name: string, text: string | undefined): string | undefined => {
  if (text !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(text))
    throw new UsageError(`--${name} takes a date such as 2026-11-23`);
  if (text !== undefined && Number.isNaN(Date.parse(text)))
    throw new UsageError(`--${name}: there is no ${text}`);
  return text;
};

const header = ["DAY", "CONVERSATIONS", "IN", "OUT", "TOKENS", "MODELS USD", "WHATSAPP USD", "UNPRICED"];

const row = (of: Day | DayOfAll): string[] => [
  of.day,
  "conversations" in of ? String(of.conversations) : "1",
  String(of.received),
  String(of.sent),
  String(
    of.models.reduce(
      (sum, { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }) =>
        sum + inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
      0,
    ),
  ),
  of.modelUsd.toFixed(6),
  of.metaUsd.toFixed(6),
  String(of.metaUnknown),
];
