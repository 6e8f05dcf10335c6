/** Makes conversations shorter, on its worst days: slow, down, or longer than it may be. */
import { ModelFault } from "#core/clients/model.ts";
import type { Summariser, Summary, SummaryRequest } from "#core/clients/summariser.ts";
import { isOut, type Call } from "./container.ts";
import type { Sim } from "./kernel.ts";
import type { Ledger } from "./ledger.ts";
import { canariesIn } from "./meta.ts";
import { useOf } from "./model.ts";

export const rehearsedSummariser = (
  sim: Sim,
  call: Call,
  ledger: Ledger,
  site: () => string,
): Summariser => ({
  summarise(request) {
    const at = site();
    const slow = sim.fault("model-slow", at);
    const ms = slow ? 15_000 : sim.between(`summarises ${at}`, 500, 12_000);
    return call(
      "summariser.summarise",
      async () => {
        ledger.shown(`summary ${at}`, canariesIn(request));
        const kind = slow ? "timeout" : "unavailable";
        if (slow || isOut(sim, "model", at) || sim.fault("summariser-fails", at))
          throw new ModelFault(kind, "later", "as rehearsed");
        return summaryOf(sim, request, at);
      },
      { delayMs: ms, faults: ["crash-before", "crash-after"] },
    );
  },
});

const summaryOf = (sim: Sim, { before, turns }: SummaryRequest, at: string): Summary => {
  const said = [before?.summary ?? "", ...turns.map(({ text = "" }) => text.slice(0, 60))].join(" ");
  const isTooMuch = sim.unit(`too much ${at}`) < 0.2;
  return {
    summary: isTooMuch ? said.repeat(20) : said.slice(-400),
    facts: Array.from({ length: isTooMuch ? 50 : 2 }, (_, index) => ({
      name: `fact ${index}`,
      value: at,
    })),
    openQuestions: [],
    model: { id: "cheap", source: "bedrock" },
    promptHash: "rehearsed",
    use: useOf(sim, "cheap", at),
  };
};
