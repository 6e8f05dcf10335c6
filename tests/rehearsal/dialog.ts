/** A leader of dialogs that is another service: it may be slow or down, and keeps nothing between turns. */
import type { DialogLeader, DialogOutcome, DialogRequest } from "#core/clients/dialog.ts";
import type { Knowledge } from "#core/clients/knowledge.ts";
import type { FoundPassage } from "#core/clients/passage-search.ts";
import { ModelFault } from "#core/clients/model.ts";
import { isOut, type Call } from "./container.ts";
import type { Sim } from "./kernel.ts";
import type { Ledger } from "./ledger.ts";
import { canariesIn } from "./meta.ts";
import { phrases, type Phrase } from "./phrases.ts";

type Step = { asks: "people" | "confirm"; misses: number };

const missesMax = 3;

export const rehearsedDialog = (sim: Sim, call: Call, ledger: Ledger, site: () => string): DialogLeader => ({
  source: "lex",
  model: { id: "rehearsed-flows", parameters: {} },
  promptHash: "rehearsed-flows",
  languages: ["es"],
  about: () => "reservar mesa personas",
  turn(request) {
    const at = site();
    return call(
      "dialog.turn",
      async () => {
        ledger.shown(`dialog ${at}`, canariesIn(request.text));
        if (isOut(sim, "model", at) || sim.fault("dialog-fails", at))
          throw new ModelFault("unavailable", sim.pick(`dialog ${at}`, ["later", "later", "never"]), "down");
        return outcomeOf(request);
      },
      { faults: ["slow", "crash-before", "crash-after"] },
    );
  },
});

const says = (text: string, phrase: Phrase): boolean => text.includes(phrases[phrase]);

const asking = (step: Step, understood: boolean): DialogOutcome => ({
  outcome: "asks",
  flow: "reservation",
  phase: step.asks === "people" ? "eliciting" : "confirming",
  ...(step.asks === "people" && { slot: "people" }),
  say:
    step.asks === "people"
      ? { text: "¿Cuántos seréis?" }
      : { text: "¿Lo confirmo?", choices: [{ id: "yes", title: phrases.confirms }] },
  state: JSON.stringify(step),
  understood,
});

/** The same for the same turn. */
const outcomeOf = ({ text, within, choice }: DialogRequest): DialogOutcome => {
  if (!within)
    return says(text, "books") ? asking({ asks: "people", misses: 0 }, true) : { outcome: "not-mine" };
  const { asks, misses } = JSON.parse(within.state) as Step;
  const leaves = { outcome: "leaves", flow: "reservation" } as const;
  if (says(text, "cancels")) return { ...leaves, because: "cancelled", say: { text: "Cancelado." } };
  if (asks === "people" && says(text, "answers")) return asking({ asks: "confirm", misses: 0 }, true);
  if (asks === "confirm" && (choice === "yes" || says(text, "confirms")))
    return { ...leaves, because: "fulfilled", slots: { people: "4" }, say: { text: "Reservado." } };
  if (misses >= missesMax) return { ...leaves, because: "failed", say: { text: "No te entiendo." } };
  return asking({ asks, misses: misses + 1 }, false);
};

/** It knows when we are open, and nothing else. */
export const rehearsedKnowledge: Knowledge = {
  hash: "rehearsed",
  languages: ["es"],
  topics: () => [],
  search: async (question) => (says(question, "asks") ? [openingHours] : []),
};

const openingHours: FoundPassage = {
  source: "opening-hours.es.md#hoy",
  language: "es",
  title: "Horario",
  heading: "Hoy",
  also: "",
  text: "Hoy abrimos hasta las 20:00.",
  confidence: 0.9,
};
