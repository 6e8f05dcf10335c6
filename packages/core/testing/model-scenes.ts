/** The scenes of `model.contract.ts`, for models that generate: what the customer says, and what the model then says. */
import { fileURLToPath } from "node:url";
import { loadKnowledge } from "../clients/knowledge.ts";
import type { Scene } from "../clients/model.contract.ts";
import type { Turn } from "../clients/model.ts";
import { promptOf, type Prompts } from "../clients/prompted/prompts.ts";

export const sampleKnowledge = await loadKnowledge(
  fileURLToPath(new URL("../../../knowledge/", import.meta.url)),
);
export const samplePrompts: Prompts = {
  answer: promptOf("You answer the customers of a café."),
  summarise: promptOf("You keep notes."),
};

export const customer = (text: string): Turn => ({ from: "customer", kind: "text", text });
export const business = (text: string): Turn => ({ from: "business", kind: "text", text });

const said = {
  language: "es",
  sentiment: "neutral",
  confidence: 1,
  needsHuman: false,
  sources: [],
  choices: [],
};

export const openingHours = {
  ...said,
  reply: "Abrimos de martes a domingo, de 8:00 a 20:00. Los lunes cerramos.",
  intent: "answer",
  confidence: 0.95,
  sources: ["opening-hours.es.md#horario-habitual"],
};

export const scenes: Record<Scene, { turns: Turn[]; output: typeof openingHours }> = {
  question: { turns: [customer("¿Cuál es vuestro horario habitual?")], output: openingHours },
  greeting: {
    turns: [customer("hola")],
    output: { ...said, reply: "¡Hola! ¿Qué te gustaría saber?", intent: "greeting", sources: [] },
  },
  unknown: {
    turns: [customer("¿Cuánto mide la torre Eiffel?")],
    output: {
      ...said,
      reply: "Eso no lo sé. ¿Aviso a alguien?",
      intent: "offer-human",
      confidence: 0,
      sources: [],
    },
  },
  person: {
    turns: [customer("quiero hablar con una persona")],
    output: { ...said, reply: "Claro, ya aviso.", intent: "hand-over", needsHuman: true, sources: [] },
  },
};
