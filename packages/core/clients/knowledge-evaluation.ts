import * as z from "zod";
import type { Knowledge } from "./knowledge.ts";
import { limits } from "./offline-answers.ts";
import { languages, isLanguage } from "./terms.ts";
import type { Language } from "./stop-words.ts";

/** What should be found: by source, the questions that it answers; by language, those that nothing answers. */
export const EvaluationSet = z.object({
  answered: z.record(z.string(), z.array(z.string())),
  declined: z.partialRecord(z.enum(languages), z.array(z.string())),
});
export type EvaluationSet = z.infer<typeof EvaluationSet>;

/** Of one language. Only what is found with enough confidence to be an answer counts. */
export type Figures = {
  language: Language;
  /** Questions that have an answer, of which it was found first, and among the first three. */
  asked: number;
  first: number;
  firstThree: number;
  /** Questions that have none, of which something was found all the same. */
  declined: number;
  falseAnswers: number;
};

/** What was not found first, or was found although there is no answer (`wanted` is absent). */
export type Miss = { question: string; language: Language; wanted?: string; found?: string };

export type Evaluation = { figures: Figures[]; misses: Miss[] };

/** Asks everything once. Throws an `EvaluationError` where a source's language can't be told from its name. */
export async function evaluate(
  knowledge: Knowledge,
  sets: readonly EvaluationSet[],
  progress: (done: number, total: number) => void = () => {},
): Promise<Evaluation> {
  const questions = sets.flatMap(questionsOf);
  const figures = new Map(languages.map((language) => [language, noFigures(language)]));
  const misses: Miss[] = [];
  for (const [index, asked] of questions.entries()) {
    const found = await certain(knowledge, asked);
    tally(figures.get(asked.language), asked, found);
    if (asked.wanted !== found[0])
      misses.push({ ...asked, ...(found[0] !== undefined && { found: found[0] }) });
    progress(index + 1, questions.length);
  }
  return {
    figures: [...figures.values()].filter(({ asked, declined }) => asked + declined > 0),
    misses,
  };
}

/** The share of a whole, 1 where there is nothing to share. */
export const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

export class EvaluationError extends Error {
  override name = "EvaluationError";
}

type Asked = Omit<Miss, "found">;

function questionsOf({ answered, declined }: EvaluationSet): Asked[] {
  return [
    ...Object.entries(answered).flatMap(([wanted, questions]) =>
      questions.map((question) => ({ question, language: languageOf(wanted), wanted })),
    ),
    ...languages.flatMap((language) =>
      (declined[language] ?? []).map((question) => ({ question, language })),
    ),
  ];
}

function languageOf(source: string): Language {
  const [, tag = ""] = /\.([a-z]{2})\.(?:md|pdf)(?:#|$)/.exec(source) ?? [];
  if (isLanguage(tag)) return tag;
  throw new EvaluationError(`"${source}" is no source such as menu.es.md#pan`);
}

/** The sources of what is certain enough, best first, none twice. */
async function certain(knowledge: Knowledge, { question, language }: Asked): Promise<string[]> {
  const found = await knowledge.search(question, language);
  return [...new Set(found.filter(({ confidence }) => confidence >= limits.confidenceMin).map(sourceOf))];
}

const sourceOf = ({ source }: { source: string }): string => source;

function tally(figures: Figures | undefined, { wanted }: Asked, found: string[]): void {
  if (!figures) return;
  if (wanted === undefined) {
    figures.declined++;
    if (found.length > 0) figures.falseAnswers++;
    return;
  }
  figures.asked++;
  if (found[0] === wanted) figures.first++;
  if (found.slice(0, 3).includes(wanted)) figures.firstThree++;
}

const noFigures = (language: Language): Figures => ({
  language,
  asked: 0,
  first: 0,
  firstThree: 0,
  declined: 0,
  falseAnswers: 0,
});
