import type { Knowledge } from "../knowledge.ts";
import { detectLanguage } from "../language.ts";
import type { AnswerRequest, Turn } from "../model.ts";
import type { FoundPassage } from "../passage-search.ts";
import type { Language } from "../stop-words.ts";

/** About 2,000 tokens: what the budget of a reply below two seconds was reckoned with. */
const passagesMax = 5;
/** One word of many in common says nothing. */
const confidenceMin = 0.15;

/** What customers have written since the business last spoke, and before. Throws where nothing awaits an answer. */
export function heard(turns: readonly Turn[]): { asked: string; before: string } {
  const last = turns.findLastIndex(({ from }) => from === "business");
  const burst = turns.slice(last + 1);
  if (burst.length === 0) throw new Error("No customer turn awaits an answer");
  const earlier = turns.slice(0, last + 1).findLast(({ from, text }) => from === "customer" && text);
  return { asked: textOf(burst), before: earlier?.text ?? "" };
}

/**
 * The passages that may answer, best first. What was asked before helps a follow-up ("and on Sundays?"), after
 * what was asked now.
 */
export async function findPassages(
  knowledge: Knowledge,
  { turns, language: spoken }: AnswerRequest,
): Promise<{ passages: FoundPassage[]; language: Language }> {
  const { asked, before } = heard(turns);
  const language = await detectLanguage(asked, { known: knowledge.languages, conversation: spoken });
  const found = await Promise.all(
    [asked, ...(before === "" ? [] : [`${asked}\n${before}`])].map((question) =>
      knowledge.search(question, language),
    ),
  );
  const likely = found.flat().filter(({ confidence }) => confidence >= confidenceMin);
  const distinct = new Map(
    likely.toReversed().map((passage) => [`${passage.source}\n${passage.text}`, passage]),
  );
  return { passages: [...distinct.values()].toReversed().slice(0, passagesMax), language };
}

const textOf = (turns: readonly Turn[]): string =>
  turns
    .flatMap(({ text = "" }) => (text.trim() === "" ? [] : [text]))
    .slice(-20)
    .join("\n");
