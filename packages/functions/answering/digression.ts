/** Whether a customer in the middle of a flow asks about something else. */
import type { DialogLeader } from "#core/clients/dialog.ts";
import type { CurrentKnowledge } from "#core/clients/follow-knowledge.ts";
import { ModelFault } from "#core/clients/model.ts";
import { limits } from "#core/clients/offline-answers.ts";
import type { FoundPassage } from "#core/clients/passage-search.ts";
import type { Language } from "#core/clients/stop-words.ts";
import { fold, termsOf } from "#core/clients/terms.ts";

export type DigressionDeps = { dialog: DialogLeader; knowledge: CurrentKnowledge };

type Within = { flow: string; language: Language };

/** Surer than for an answer, for the words may just as well be one to what was asked: "are you open on Sunday?" */
const interruptConfidenceMin = 0.6;

/** What may be an answer to what was asked is a question all the same: it begins as one, and its answer is known. */
export const interrupts = async (deps: DigressionDeps, text: string, within: Within): Promise<boolean> =>
  beginsAsQuestion(text, within) &&
  isElsewhere(deps, text, within) &&
  (await confidence(deps, text, within)) >= interruptConfidenceMin;

/** What was no answer to what was asked is a question about something else, or its answer is known. */
export const digresses = async (deps: DigressionDeps, text: string, within: Within): Promise<boolean> =>
  isElsewhere(deps, text, within) &&
  (text.includes("?") ||
    beginsAsQuestion(text, within) ||
    (await confidence(deps, text, within)) >= limits.confidenceMin);

/** About anything but what the flow itself is about. Who asks for a time gives none. */
const isElsewhere = ({ dialog }: DigressionDeps, text: string, { flow, language }: Within): boolean => {
  if (asksWhen[language].test(plain(text))) return true;
  const own = new Set(termsOf(dialog.about(flow, language), language).map(({ stem }) => stem));
  return termsOf(text, language).some(({ stem, light }) => !light && !own.has(stem));
};

const confidence = async (
  { knowledge }: DigressionDeps,
  text: string,
  { language }: Within,
): Promise<number> => {
  const [best] = await (await knowledge()).search(text, language).catch(nothing);
  return best?.confidence ?? 0;
};

/** A knowledge base that can't be reached is sure of nothing: the flow goes on. */
const nothing = (error: unknown): FoundPassage[] => {
  if (error instanceof ModelFault) return [];
  throw error;
};

const beginsAsQuestion = (text: string, { language }: Within): boolean =>
  questionStart[language].test(plain(text));

const plain = (text: string): string => fold(text).replace(/^[\s¿]+/, "");

const asksWhen: Record<Language, RegExp> = {
  en: /^(?:and |but )?(?:at |until |till |from )?(?:what time|when)\b/,
  es: /^(?:y |pero )?(?:a |hasta |desde )?(?:que hora|cuando)\b/,
  pt: /^(?:e |mas )?(?:a |as |ate )?(?:que horas?|quando)\b/,
};

const questionStart: Record<Language, RegExp> = {
  en: /^(?:and |but |by the way,? |wait,? |oh,? )*(?:(?:at|until|from|for) )?(?:what|which|when|where|who|how|why|do|does|are|is|can|could|have|will)\b/,
  es: /^(?:y |pero |por cierto,? |espera,? |oye,? )*(?:(?:a|hasta|desde|de|con|para) )?(?:que|cual|cuales|cuando|donde|quien|como|cuanto|cuanta|cuantos|por que|hay|teneis|tienen|aceptais|aceptan|se puede|se pueden|podemos|puedo|haceis|hacen|abris|abren|estais|estan|es|son)\b/,
  pt: /^(?:e |mas |alias,? )*(?:que|qual|quais|quando|onde|quem|como|quanto|quantos|por que|ha|tem|aceitam|pode|podem|posso|fazem|abrem|estao|e|sao)\b/,
};
