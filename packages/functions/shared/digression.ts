/** Whether a customer in the middle of a flow asks about something else: what the knowledge base can answer. */
import type { DialogLeader } from "#core/clients/dialog.ts";
import type { CurrentKnowledge } from "#core/clients/follow-knowledge.ts";
import { limits } from "#core/clients/offline-answers.ts";
import type { Language } from "#core/clients/stop-words.ts";
import { fold, termsOf } from "#core/clients/terms.ts";

export type DigressionDeps = { dialog: DialogLeader; knowledge: CurrentKnowledge };

type Within = { flow: string; language: Language };

/** Surer than for an answer, for the words may just as well be one to what was asked: "are you open on Sunday?" */
const interruptConfidenceMin = 0.6;

/** It begins as a question does, of something that is not the flow's, and the answer is known. */
export const interrupts = async (deps: DigressionDeps, text: string, within: Within): Promise<boolean> =>
  questionStart[within.language].test(fold(text).replace(/^[\s¿]+/, "")) &&
  (await confidence(deps, text, within)) >= interruptConfidenceMin;

/** What was no answer to what was asked may be a question all the same. */
export const knows = async (deps: DigressionDeps, text: string, within: Within): Promise<boolean> =>
  (await confidence(deps, text, within)) >= limits.confidenceMin;

/** 0 for what is about nothing, or nothing but what the flow is about. */
const confidence = async (
  { dialog, knowledge }: DigressionDeps,
  text: string,
  { flow, language }: Within,
): Promise<number> => {
  const own = new Set(termsOf(dialog.about(flow, language), language).map(({ stem }) => stem));
  const isElsewhere = termsOf(text, language).some(({ stem, light }) => !light && !own.has(stem));
  if (!isElsewhere) return 0;
  const [best] = await (await knowledge()).search(text, language);
  return best?.confidence ?? 0;
};

const questionStart: Record<Language, RegExp> = {
  en: /^(?:and |but |by the way,? |wait,? |oh,? )*(?:what|which|when|where|who|how|why|do|does|are|is|can|could|have|will)\b/,
  es: /^(?:y |pero |por cierto,? |espera,? |oye,? )*[¿]?(?:que|cual|cuales|cuando|donde|quien|como|cuanto|cuanta|cuantos|por que|hay|teneis|tienen|aceptais|aceptan|se puede|se pueden|podemos|puedo|haceis|hacen|abris|abren|estais|estan|es|son)\b/,
  pt: /^(?:e |mas |alias,? )*(?:que|qual|quais|quando|onde|quem|como|quanto|quantos|por que|ha|tem|aceitam|pode|podem|posso|fazem|abrem|estao|e|sao)\b/,
};
