import { isJust } from "./small-talk.ts";
import { stopWords, type Language } from "./stop-words.ts";
import { wordsOf } from "./terms.ts";

const wordsMin = 3;
const charactersMax = 1000;

/** BCP 47. `known` holds the configured languages, the default first; `conversation` is what was spoken so far. */
export type LanguageHints = { known: readonly Language[]; conversation?: string | undefined };

/**
 * The language that a text is in, always one of the known.
 * A text of under three words keeps the conversation's language, for detectors guess at those, unless it is a greeting
 * of one language alone.
 */
export async function detectLanguage(
  text: string,
  { known, conversation }: LanguageHints,
): Promise<Language> {
  const start = text.slice(0, charactersMax);
  const words = wordsOf(start).filter((word) => /\p{L}/u.test(word));
  const spoken = known.find((language) => language === conversation?.split("-")[0]?.toLowerCase());
  const greeted = byPoliteness(start, known, ["greeting"]);
  if (greeted !== undefined) return greeted;
  if (words.length < wordsMin && spoken !== undefined) return spoken;
  return (
    byPoliteness(start, known, ["thanks", "bye"]) ??
    byFunctionWords(words, known) ??
    (await byLetters(start, known)) ??
    spoken ??
    known[0] ??
    "en"
  );
}

/** "hola", "thanks": too short for statistics, yet certain. */
function byPoliteness(
  text: string,
  known: readonly Language[],
  kinds: Parameters<typeof isJust>[1],
): Language | undefined {
  return single(known.filter((language) => isJust(text, kinds, [language])));
}

/** The language whose function words ("the", "para") are strictly the most. */
function byFunctionWords(words: string[], known: readonly Language[]): Language | undefined {
  const counts = known.map((language) => words.filter((word) => stopWords[language].has(word)).length);
  const most = Math.max(0, ...counts);
  return most === 0 ? undefined : single(known.filter((_, index) => counts[index] === most));
}

/** By the statistics of letters, which are read when they are first needed: 80 KB for what words mostly tell. */
async function byLetters(text: string, known: readonly Language[]): Promise<Language | undefined> {
  const { detectAll } = await import("tinyld/light");
  const [likeliest] = detectAll(text, { only: [...known] });
  return known.find((language) => language === likeliest?.lang);
}

function single(found: Language[]): Language | undefined {
  return found.length === 1 ? found[0] : undefined;
}
