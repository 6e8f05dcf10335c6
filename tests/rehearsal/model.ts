/** A language model on its worst days: slow, down, talking nonsense, refusing, or calling for a person. */
import { hash } from "./chance.ts";
import type { Answer, AnswerRequest } from "#core/clients/model.ts";
import { isOut } from "./container.ts";
import type { Sim } from "./kernel.ts";
import { canaryPattern } from "./meta.ts";
import type { Ledger } from "./ledger.ts";

export const answerOf = (sim: Sim, ledger: Ledger, request: AnswerRequest, site: string): Answer => {
  const shown = [...JSON.stringify(request.turns).matchAll(canaryPattern)].map(([word]) => word);
  const promptHash = `${hash(JSON.stringify(request))}-${site.length}`;
  ledger.shown(promptHash, shown);
  if (isOut(sim, "model", site) || sim.fault("model-fails", site)) throw new Error("the model is overloaded");
  const plain: Answer = {
    text: `Sí, hasta las 20:00. ${shown.at(-1) ?? ""}`,
    language: "es",
    intent: "answer",
    confidence: 0.9,
    needsHuman: false,
    sources: ["opening-hours.es.md"],
    model: { id: "rehearsed", source: "offline", parameters: {} },
    promptHash,
  };
  if (sim.fault("model-hands-over", site)) return { ...plain, intent: "hand-over", needsHuman: true };
  if (sim.fault("model-refuses", site))
    return { ...plain, text: "No.", intent: "offer-human", confidence: 0 };
  if (sim.fault("model-garbage", site)) return { ...plain, ...sim.pick(`garbage ${site}`, garbage) };
  return plain;
};

/** Of the right types, and never empty: that much the seam promises. */
const garbage: readonly Partial<Answer>[] = [
  // more than one message
  { text: "Una frase que no acaba. ".repeat(400) },
  { text: "sealed:1:AAAA", confidence: 0 },
  { text: '\u202e\u0000\ud800 {"tool": ', choices: [{ id: "", title: "" }] },
  {
    text: "¿Cuál?",
    choices: Array.from({ length: 10 }, (_, id) => ({ id: `${id}`, title: `opción ${id}` })),
  },
  { text: "x", language: "x-klingon", sources: Array.from({ length: 500 }, () => "nowhere.md#nothing") },
];
