/** As much of a context as fits in so many tokens, most valuable first, and in the order in which it was said. */
import { countTokens } from "../clients/count-tokens.ts";
import type { Context, Finding } from "../views/context.ts";
import type { ContextTurn } from "../views/spoken.ts";
import { firstCharacters } from "../views/words.ts";

/** Turns of the session that goes on which count for more than the summary of what came before. */
export const recentTurnsMax = 8;
/** What a prompt adds to each thing that it holds: who says it, what it is, that it is not to be trusted. */
export const overheadTokens = 8;

/** What the model is shown of a context takes so many tokens: an estimate that errs upwards. */
export const contextTokens = ({ turns, summary, facts, openQuestions, findings }: Context): number =>
  [
    ...turns.map(turnTokens),
    ...[...(summary ? [summary.text] : []), ...(openQuestions ?? [])].map(lineTokens),
    ...[...(facts ?? []).map(factLine), ...(findings ?? []).map(findingLine)].map(lineTokens),
  ].reduce((total, tokens) => total + tokens, 0);

/**
 * First what waits for an answer, then open questions, the last turns of this session, the summary, facts, findings,
 * and older turns; of each the newest first, and of turns none is left out between two. The newest turn is always
 * there, shortened if it must be, unless the budget is no room for one word.
 */
export const withinBudget = (context: Context, tokenBudget = Number.POSITIVE_INFINITY): Context => {
  const { turns, summary, facts, openQuestions, findings, ...rest } = context;
  if (tokenBudget === Number.POSITIVE_INFINITY) return context;
  const newest = turns.at(-1);
  if (newest && turnTokens(newest) > tokenBudget) return { ...rest, turns: shortened(newest, tokenBudget) };

  const purse = { left: tokenBudget };
  const isPaid = (tokens: number): boolean => {
    if (tokens > purse.left) return false;
    purse.left -= tokens;
    return true;
  };
  const paid = <Thing>(things: readonly Thing[], lineOf: (thing: Thing) => string): Thing[] =>
    things
      .toReversed()
      .filter((thing) => isPaid(lineTokens(lineOf(thing))))
      .toReversed();
  let shown = 0;
  // a turn that had no room has none later: no gap comes about
  const showTurns = (upTo: number): void => {
    for (const turn of turns.slice(turns.length - upTo, turns.length - shown).toReversed()) {
      if (!isPaid(turnTokens(turn))) return;
      shown += 1;
    }
  };

  const waiting = waitingTurns(turns);
  const recent = recentTurns(turns, waiting);
  showTurns(waiting);
  const questions = paid(openQuestions ?? [], (question) => question);
  showTurns(recent);
  const [text] = paid(summary?.text ? [summary] : [], (one) => one.text);
  const known = paid(facts ?? [], factLine);
  const seen = paid(unsaid(findings ?? [], turns.slice(turns.length - shown)), findingLine);
  showTurns(turns.length);
  return {
    ...rest,
    turns: turns.slice(turns.length - shown),
    ...(text && { summary: text }),
    ...(known.length > 0 && { facts: known }),
    ...(questions.length > 0 && { openQuestions: questions }),
    ...(seen.length > 0 && { findings: seen }),
  };
};

/** How many of the newest nobody has answered yet. */
const waitingTurns = (turns: readonly ContextTurn[]): number =>
  turns.length - 1 - turns.findLastIndex(({ from }) => from === "business");

const recentTurns = (turns: readonly ContextTurn[], waiting: number): number => {
  const current = turns.at(-1)?.session;
  const ofSession = turns.length - 1 - turns.findLastIndex(({ session }) => session !== current);
  return Math.max(waiting, Math.min(ofSession, recentTurnsMax));
};

/** A caption that stands in a turn already need not be said twice. */
const unsaid = (findings: readonly Finding[], turns: readonly ContextTurn[]): Finding[] => {
  const texts = new Map(turns.map(({ id, text }) => [id, text]));
  return findings.filter(({ id, text }) => texts.get(id) !== text);
};

const shortened = (turn: ContextTurn, tokenBudget: number): ContextTurn[] => {
  let text = turn.text ?? "";
  while (text !== "" && turnTokens({ ...turn, text }) > tokenBudget)
    text = firstCharacters(text, Math.floor(text.length * 0.9));
  return text === "" ? [] : [{ ...turn, text }];
};

const turnTokens = ({ kind, text = "" }: Pick<ContextTurn, "kind" | "text">): number =>
  lineTokens(`${kind} ${text}`);

const factLine = ({ name, value }: { name: string; value: string }): string => `${name}: ${value}`;

const findingLine = ({ kind, text }: Finding): string => `${kind}: ${text}`;

const lineTokens = (line: string): number => overheadTokens + countTokens(line);
