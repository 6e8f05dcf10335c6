/** Language models on their worst days: slow, down, talking nonsense, refusing, or calling for a person. */
import { hash } from "./chance.ts";
import { ModelFault, type Answer, type AnswerRequest, type Declined } from "#core/clients/model.ts";
import type { Candidate } from "#core/domain/choose-model.ts";
import type { ModelUse } from "#core/events/conversation.ts";
import { isOut } from "./container.ts";
import type { Sim } from "./kernel.ts";
import { canariesIn } from "./meta.ts";
import type { Ledger } from "./ledger.ts";

/** What the policy chooses among: one that is cheap, one that is good, and one that is always there. */
export const candidates = [
  { id: "cheap", expectedMs: 900, costUsd: 0.002, quality: 1 },
  { id: "good", expectedMs: 2_500, costUsd: 0.02, quality: 3 },
  { id: "offline", expectedMs: 50, costUsd: 0, quality: 1, lastResort: true },
] as const satisfies readonly Candidate[];

/** How long it will take, and what comes of it then. */
export const thoughtOf = (sim: Sim, id: string, site: string): number => {
  if (id === "offline") return sim.between(`thinks ${site}`, 5, 60);
  const [least, most] = sim.fault("model-slow", site) ? [6_000, 45_000] : [300, 3_000];
  return sim.between(`thinks ${site}`, least, most);
};

/** Throws a `ModelFault` where it can't be reached. */
export const answerOf = (
  sim: Sim,
  ledger: Ledger,
  request: AnswerRequest,
  { id, site }: { id: string; site: string },
): Answer | Declined => {
  const shown = canariesIn(request);
  // it names who was shown what: no two calls have the same
  const promptHash = `${hash(JSON.stringify(request.turns))}-${site}`;
  ledger.shown(promptHash, shown);
  const use = id === "offline" ? undefined : useOf(sim, id, site);
  const plain: Answer = {
    text: `Sí, hasta las 20:00. ${shown.at(-1) ?? ""}`,
    language: "es",
    intent: "answer",
    confidence: 0.9,
    needsHuman: false,
    sources: ["opening-hours.es.md"],
    model: { id, source: id === "offline" ? "offline" : "bedrock", parameters: {} },
    promptHash,
    ...(use && { use }),
  };
  if (id === "offline") return plain;
  if (isOut(sim, "model", site) || sim.fault("model-fails", site)) throw faultOf(sim, site, use);
  if (sim.fault("model-declines", site))
    return { declined: sim.pick(`declines ${site}`, declined), ...(use && { use }) };
  if (sim.fault("model-hands-over", site)) return { ...plain, intent: "hand-over", needsHuman: true };
  if (sim.fault("model-refuses", site))
    return { ...plain, text: "No.", intent: "offer-human", confidence: 0 };
  if (sim.fault("model-garbage", site)) return { ...plain, ...sim.pick(`garbage ${site}`, garbage) };
  return plain;
};

const kinds = ["throttled", "timeout", "unavailable", "unavailable", "invalid"] as const;
const declined = ["refused", "guardrail", "malformed", "truncated", "too-long"] as const;

/** What is our own fault is so for ever, and some faults are paid for. */
const faultOf = (sim: Sim, site: string, use: ModelUse | undefined): ModelFault => {
  const kind = sim.pick(`fault ${site}`, kinds);
  const paid = kind === "timeout" && use ? { use } : {};
  return new ModelFault(kind, kind === "invalid" ? "never" : "later", "as rehearsed", paid);
};

export const useOf = (sim: Sim, id: string, site: string): ModelUse => ({
  inputTokens: sim.between(`tokens ${site}`, 200, 1_500),
  outputTokens: 60,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: sim.between(`cost ${site}`, 500, id === "good" ? 20_000 : 2_000) / 1e6,
  durationMs: 800,
});

/** Of the right types, and never empty: that much the seam promises. */
const garbage: readonly Partial<Answer>[] = [
  // more than one message
  { text: "Una frase que no acaba. ".repeat(400) },
  { text: "sealed:1:AAAA", confidence: 0 },
  { text: '\u202e\u0000\ud800 {"tool": ', choices: [{ id: "", title: "" }] },
  { text: "Todo en https://not-ours.example/menu" },
  {
    text: "¿Cuál?",
    choices: Array.from({ length: 10 }, (_, id) => ({ id: `${id}`, title: `opción ${id}` })),
  },
  { text: "x", language: "x-klingon", sources: Array.from({ length: 500 }, () => "nowhere.md#nothing") },
];
