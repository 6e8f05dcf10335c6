import MiniSearch, { type Options } from "minisearch";
import type { Passage } from "./passages.ts";
import type { Language } from "./stop-words.ts";
import { termsOf, wordsOf, type Term } from "./terms.ts";

/** A passage that may answer. `confidence`, 0 to 1, is how much of what the question is about it covers. */
export type FoundPassage = Passage & { confidence: number };

/** Best first, without a floor: the caller decides which confidence is enough. */
export type PassageSearch = (question: string) => FoundPassage[];

/** What is longer is cut: nobody asks so much at once, and every word costs a search. */
export const questionCharactersMax = 1000;

const resultsMax = 10;

/**
 * How much a word counts, against 1 for one that is found as written: chosen, like the threshold of the answers,
 * on knowledge/evaluation/tuning.json, where each is on a plateau.
 */
const shares = { light: 0.3, misspelt: 0.7, onlyInText: 0.6 };
/** What a phrase of the heading or the `also` line, found whole in the question, adds to the rank, for each word. */
const phraseWordBonus = 5;

/** What searching the passages of one language takes, as text: to be kept, with the passages in the same order. */
export function passageIndex(passages: Passage[], language: Language): string {
  return JSON.stringify(indexed(passages, language));
}

/** Searches the passages of one language, by their index where it is there already. */
export function passageSearch(passages: Passage[], language: Language, index?: string): PassageSearch {
  const lookUp = wordLookup(passages, language, index);
  const phrases = passages.map(phrasesOf);
  return (question) => {
    const start = question.slice(0, questionCharactersMax);
    const terms = new Map(termsOf(start, language).map((term) => [term.stem, term]));
    const words = padded(start);
    const bonus = (id: number) =>
      Math.max(
        0,
        ...(phrases[id] ?? []).filter((phrase) => words.includes(phrase.text)).map((phrase) => phrase.bonus),
      );
    return ranked([...terms.values()].map(lookUp), bonus).flatMap(({ id, confidence }) =>
      passages.slice(id, id + 1).map((passage) => ({ ...passage, confidence })),
    );
  };
}

/** Of minisearch's result, which does not know the type of its ids. */
type Hit = { id: number; score: number; match: Record<string, string[]> };

/** One word of a question: the passages that have it, and how much that says. */
type Lookup = { hits: Hit[]; light: boolean; weight: number; share: number };

type Indexed = Passage & { id: number };

function indexOptions(language: Language): Options<Indexed> {
  return {
    fields: ["title", "heading", "also", "text"],
    tokenize: (text) => termsOf(text, language).map(({ stem }) => stem),
    processTerm: (stem) => stem,
    searchOptions: { boost: { heading: 3, also: 2, title: 1.5 }, tokenize: (stem) => [stem] },
  };
}

function indexed(passages: Passage[], language: Language): MiniSearch<Indexed> {
  const index = new MiniSearch<Indexed>(indexOptions(language));
  index.addAll(passages.map((passage, id) => ({ ...passage, id })));
  return index;
}

function wordLookup(passages: Passage[], language: Language, kept?: string): (term: Term) => Lookup {
  const index =
    kept === undefined
      ? indexed(passages, language)
      : MiniSearch.loadJSON<Indexed>(kept, indexOptions(language));
  return ({ stem, light }) => {
    const exact: Hit[] = index.search(stem);
    const hits: Hit[] = exact.length > 0 ? exact : index.search(stem, { fuzzy: editsAllowed(stem) });
    const weight = rarity(hits.length, passages.length) * (light ? shares.light : 1);
    return { hits, light, weight, share: exact.length > 0 ? 1 : shares.misspelt };
  };
}

/** Ordered by BM25 times the squared weight of what is covered; the confidence is the share of the question's words, by weight, that the passage has. */
function ranked(lookups: Lookup[], bonus: (id: number) => number): { id: number; confidence: number }[] {
  const tallies = new Map<number, { rank: number; covered: number; light: number }>();
  for (const { hits, light, weight, share } of lookups) {
    for (const hit of hits) {
      const tally = tallies.get(hit.id) ?? { rank: bonus(hit.id), covered: 0, light: 0 };
      tally.rank += hit.score * share * (light ? shares.light : 1);
      tally.covered += weight * share * (isOnlyInText(hit) ? shares.onlyInText : 1);
      tally.light += light ? weight : 0;
      tallies.set(hit.id, tally);
    }
  }
  const asked = lookups.reduce((total, { light, weight }) => total + (light ? 0 : weight), 0);
  return [...tallies]
    .toSorted(([idA, a], [idB, b]) => b.rank * b.covered ** 2 - a.rank * a.covered ** 2 || idA - idB)
    .slice(0, resultsMax)
    .map(([id, { covered, light }]) => ({ id, confidence: covered / (asked + light) }));
}

/** Inverse document frequency as BM25 has it: a word that nothing mentions weighs most. */
function rarity(passagesWithIt: number, passages: number): number {
  return Math.log(1 + (passages - passagesWithIt + 0.5) / (passagesWithIt + 0.5));
}

function isOnlyInText(hit: Hit): boolean {
  return Object.values(hit.match).every((fields) => fields.every((field) => field === "text"));
}

function editsAllowed(stem: string): number | false {
  if (stem.length < 5) return false;
  return stem.length < 8 ? 1 : 2;
}

/** Those of at least two words; stop words count, for "where are you" has no others. */
function phrasesOf({ heading, also }: Passage): { text: string; bonus: number }[] {
  return [heading, ...also.split(",")]
    .map((phrase) => ({ text: padded(phrase), bonus: wordsOf(phrase).length * phraseWordBonus }))
    .filter(({ bonus }) => bonus > phraseWordBonus);
}

function padded(text: string): string {
  return ` ${wordsOf(text).join(" ")} `;
}
