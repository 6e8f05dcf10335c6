import { createHash } from "node:crypto";
import { detectLanguage } from "./language.ts";
import type { Turn } from "./model.ts";
import { factsIn, factsVersion, type Fact } from "./offline-facts.ts";
import { wording } from "./offline-wording.ts";
import type { Language } from "./stop-words.ts";
import type { Summariser, Summary } from "./summariser.ts";
import { languages, termsOf } from "./terms.ts";

/** In characters, where not in pieces. */
const limits = { sentences: 300, summary: 1_200, sentence: 240, facts: 20, openQuestions: 5, question: 300 };

const model = { id: "hilo-extractive-summary-1", source: "offline" as const };

const promptHash = createHash("sha256")
  .update(JSON.stringify([model, limits, factsVersion]))
  .digest("hex");

/**
 * Keeps the customer's own sentences, those that say most of what was spoken about, and writes none (D16). Facts are
 * what the customer said in so many words; open questions those that nobody answered. The same turns always give
 * the same summary.
 */
export const offlineSummariser = (): Summariser => ({
  async summarise({ before, turns, language }): Promise<Summary> {
    const spoken = await detectLanguage(textsOf(turns).join("\n"), {
      known: languages,
      conversation: language,
    });
    return {
      summary: salient(
        linesOf(before?.summary ?? ""),
        textsOf(turns).flatMap(sentencesOf).slice(-limits.sentences),
        spoken,
      ),
      facts: factsAfter(before?.facts ?? [], turns),
      openQuestions: openAfter(before?.openQuestions ?? [], turns, spoken),
      model,
      promptHash,
    };
  },
});

const textsOf = (turns: readonly Turn[]): string[] =>
  turns.flatMap(({ from, text }) => (from === "customer" && text ? [text] : []));

const linesOf = (text: string): string[] => text.split("\n").filter(Boolean);

const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?…])\s+|\n+|\s+(?=[¿¡])/)
    .map((sentence) => sentence.trim().replace(/\s+/g, " "))
    .filter(Boolean);

/**
 * One sentence after the other, each time the one with most that no chosen one has: a term counts as often as it was
 * said, and what is new counts twice. In the order in which they were said.
 */
const salient = (before: readonly string[], sentences: readonly string[], language: Language): string => {
  const candidates = [...before, ...sentences].map((sentence, at) => ({
    at,
    line: sentence.slice(0, limits.sentence).replace(/[\uD800-\uDBFF]$/, ""),
    stems: new Set(termsOf(sentence, language).map(({ stem }) => stem)),
  }));
  const counts = new Map<string, number>();
  for (const { at, stems } of candidates)
    for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + (at < before.length ? 1 : 2));
  const chosen: typeof candidates = [];
  let left = limits.summary;
  let rest = candidates;
  while (rest.length > 0) {
    const covered = new Set(chosen.flatMap(({ stems }) => [...stems]));
    const gains = rest
      .filter(({ line }) => line.length < left)
      .map((candidate) => ({ candidate, gain: gainOf(candidate.stems, covered, counts) }))
      .filter(({ gain }) => gain > 0)
      // of two that say as much, the newer one
      .toSorted((one, other) => other.gain - one.gain || other.candidate.at - one.candidate.at);
    const best = gains[0]?.candidate;
    if (!best) break;
    chosen.push(best);
    left -= best.line.length + 1;
    rest = gains.map(({ candidate }) => candidate).filter((candidate) => candidate !== best);
  }
  return chosen
    .toSorted((one, other) => one.at - other.at)
    .map(({ line }) => line)
    .join("\n");
};

const gainOf = (
  stems: ReadonlySet<string>,
  covered: ReadonlySet<string>,
  counts: ReadonlyMap<string, number>,
): number => [...stems].reduce((gain, stem) => gain + (covered.has(stem) ? 0 : (counts.get(stem) ?? 0)), 0);

const factsAfter = (before: readonly Fact[], turns: readonly Turn[]): Fact[] => {
  const known = new Map(before.map(({ name, value }) => [name, value]));
  for (const { name, value } of textsOf(turns).flatMap(factsIn)) {
    known.delete(name);
    known.set(name, value);
  }
  return [...known].map(([name, value]) => ({ name, value })).slice(-limits.facts);
};

/** A question is answered by what the business says next, unless that only offers a person. */
const openAfter = (before: readonly string[], turns: readonly Turn[], language: Language): string[] => {
  let open = [...before];
  let asked: string[] = [];
  for (const { from, text = "" } of turns) {
    if (from === "customer") asked = [...asked, ...sentencesOf(text).filter(isQuestion)].slice(-questionsMax);
    else if (!isOffer(text)) {
      const answered = asked;
      open = open.filter((question) => !answered.some((again) => isSame(question, again, language)));
      asked = [];
    } else {
      open = [...open, ...asked].slice(-questionsMax);
      asked = [];
    }
  }
  return distinct([...open, ...asked], language)
    .slice(-limits.openQuestions)
    .map((question) => question.slice(0, limits.question).replace(/[\uD800-\uDBFF]$/, ""));
};

/** More than are kept, as some of them ask the same. */
const questionsMax = 40;

const isQuestion = (sentence: string): boolean => sentence.includes("?") && /\p{L}/u.test(sentence);

/** As the offline model says that it does not know. */
const isOffer = (text: string): boolean => Object.values(wording).some(({ offer }) => text.includes(offer));

/** Asked again in other words: most of what the shorter one is about. */
const isSame = (one: string, other: string, language: Language): boolean => {
  const [few = [], many = []] = [stemsOf(one, language), stemsOf(other, language)].toSorted(
    (these, those) => these.length - those.length,
  );
  if (few.length === 0) return one === other;
  return few.filter((stem) => many.includes(stem)).length / few.length > 0.6;
};

const stemsOf = (text: string, language: Language): string[] => [
  ...new Set(termsOf(text, language).map(({ stem }) => stem)),
];

/** The last of those that ask the same. */
const distinct = (questions: readonly string[], language: Language): string[] =>
  questions.filter(
    (question, at) => !questions.slice(at + 1).some((later) => isSame(question, later, language)),
  );
