import {
  barePeople,
  followUps,
  humanRequests,
  machineQuestions,
  negations,
  phrases,
  type SmallTalk,
} from "./small-talk-phrases.ts";
import type { Language } from "./stop-words.ts";
import { fold, languages, wordsOf } from "./terms.ts";

/** Whether a text consists of nothing but such phrases, and has at least one. Any language counts, as people mix them. */
export function isJust(text: string, kinds: SmallTalk[], spoken: readonly Language[] = languages): boolean {
  // Two spaces between words, so that neighbouring phrases do not share the one between them.
  let rest = ` ${wordsOf(text).join("  ")} `;
  for (const phrase of phrasesOf(kinds, spoken))
    rest = rest.replaceAll(` ${phrase.replaceAll(" ", "  ")} `, "");
  return rest === "";
}

export function has(text: string, kind: SmallTalk): boolean {
  const words = ` ${wordsOf(text).join(" ")} `;
  return phrasesOf([kind], languages).some((phrase) => words.includes(` ${phrase} `));
}

export function beginsWith(text: string, kind: SmallTalk): boolean {
  const words = `${wordsOf(text).join(" ")} `;
  return phrasesOf([kind], languages).some((phrase) => words.startsWith(`${phrase} `));
}

export function asksForHuman(text: string): boolean {
  return humanPatterns.some((pattern) => {
    const match = pattern.exec(plain(text));
    return match !== null && !negation.test(match.input.slice(0, match.index));
  });
}

/** Whether a text is nothing but "a person, please". Where people are counted it may be their number. */
export function justNamesPerson(text: string): boolean {
  return barePerson.test(plain(text));
}

export function asksWhetherMachine(text: string): boolean {
  return machinePatterns.some((pattern) => pattern.test(plain(text)));
}

/** Whether a question leans on the one before. */
export function followsUp(question: string): boolean {
  return followUp.test(plain(question));
}

const humanPatterns = humanRequests.map((source) => new RegExp(source));
const machinePatterns = machineQuestions.map((source) => new RegExp(source));
const barePerson = new RegExp(barePeople);
const negation = new RegExp(negations);
const followUp = new RegExp(followUps);

function plain(text: string): string {
  return fold(text).replace(/\s+/g, " ");
}

/** Longest first, so that "buenas tardes" is not taken for "buenas" and a remainder. */
function phrasesOf(kinds: SmallTalk[], spoken: readonly Language[]): string[] {
  const all = spoken.flatMap((language) => kinds.flatMap((kind) => phrases[language][kind]));
  return all.toSorted((a, b) => b.length - a.length);
}
