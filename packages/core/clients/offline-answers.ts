import type { Knowledge } from "./knowledge.ts";
import type { FoundPassage } from "./passage-search.ts";
import { followsUp } from "./small-talk.ts";
import type { Language } from "./stop-words.ts";
import { termsOf } from "./terms.ts";

/** The confidences were chosen on knowledge/evaluation/tuning.json. */
export const limits = {
  /** The share of a question that a passage must cover to answer it. */
  confidenceMin: 0.45,
  /** The same for what is no question, said beside one that was answered. */
  remarkConfidenceMin: 0.75,
  passagesMax: 3,
  questionsMax: 8,
};

export type Findings = {
  /** In the order asked, none twice; empty when nothing is certain enough. */
  passages: FoundPassage[];
  /** Something was plainly asked that none of them answers. */
  restUnknown: boolean;
  /** Of the least certain passage; of the best one that was not certain enough when there is none. */
  confidence: number;
};

/**
 * What the knowledge base has to say to the customer's last texts.
 * `earlier` are those before the last answer: "and on Sundays?" refers to them.
 */
export async function findAnswers(
  knowledge: Knowledge,
  texts: string[],
  earlier: string[],
  language: Language,
): Promise<Findings> {
  const lookups = await lookUp(knowledge, texts, earlier, language);
  const certain = lookups.filter((lookup) => lookup.confidence >= limits.confidenceMin);
  const kept = certain.some((lookup) => lookup.asked)
    ? certain.filter((lookup) => lookup.asked || lookup.confidence >= limits.remarkConfidenceMin)
    : certain;
  const passages = distinct(kept.flatMap((lookup) => lookup.best ?? [])).slice(0, limits.passagesMax);
  return {
    passages,
    restUnknown: lookups.some((lookup) => lookup.asked && !kept.includes(lookup)),
    confidence:
      passages.length > 0
        ? Math.min(...passages.map((passage) => passage.confidence))
        : Math.max(0, ...lookups.map((lookup) => lookup.confidence)),
  };
}

type Lookup = { asked: boolean; best: FoundPassage | undefined; confidence: number };

function lookUp(
  knowledge: Knowledge,
  texts: string[],
  earlier: string[],
  language: Language,
): Promise<Lookup[]> {
  const before = questionsOf(earlier, language);
  const questions = questionsOf(texts, language).slice(-limits.questionsMax);
  const each = questions.map(async (question, index) => {
    const asked = question.includes("?");
    // "Ok, tomorrow" does not take up what was answered already.
    const context = [...(asked || followsUp(question) ? before : []), ...questions.slice(0, index)];
    const topic = context.findLast((earlier) => hasTopic(earlier, language));
    const best = await bestPassage(
      (text) => knowledge.search(text, language),
      question,
      topic,
      hasTopic(question, language),
    );
    return { asked, best, confidence: best?.confidence ?? 0 };
  });
  return Promise.all(each);
}

/**
 * A question without a topic of its own ("and on Sundays?", "for four") takes that of the question before.
 * One that leans on it ("and gluten-free?") has its answer chosen by it, among those that answer it by themselves.
 */
async function bestPassage(
  search: (text: string) => Promise<FoundPassage[]>,
  question: string,
  before: string | undefined,
  topical: boolean,
): Promise<FoundPassage | undefined> {
  const found = await search(question);
  if (before === undefined || (topical && !followsUp(question))) return found[0];
  const together = await search(`${before} ${question}`);
  if (!topical) return together[0];
  const sufficient = found.filter((passage) => passage.confidence >= limits.confidenceMin);
  return together.flatMap((passage) => sufficient.filter((other) => isSame(passage, other)))[0] ?? found[0];
}

function hasTopic(text: string, language: Language): boolean {
  return termsOf(text, language).some((term) => !term.light);
}

/** The sentences that are about something, one by one: a burst often asks two things in one message. */
function questionsOf(texts: string[], language: Language): string[] {
  return texts
    .flatMap((text) => text.split(/(?<=[.!?…])\s+|\n+|\s+(?=¿)/))
    .filter((sentence) => termsOf(sentence, language).length > 0);
}

function distinct(passages: FoundPassage[]): FoundPassage[] {
  return passages.filter((passage, index) => passages.findIndex((other) => isSame(passage, other)) === index);
}

/** Parts of a long section share their source. */
function isSame(passage: FoundPassage, other: FoundPassage): boolean {
  return passage.source === other.source && passage.text === other.text;
}
