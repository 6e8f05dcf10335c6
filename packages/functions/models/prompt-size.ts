import type { AnswerRequest } from "#core/clients/model.ts";
import type { Prompts } from "#core/clients/prompted/prompts.ts";

const charactersPerToken = 3.5;
/** Five passages, the form, and what marks each part. */
const besides = 9_000;

/** About how many tokens a request has, before anything is looked up for it: rather too many than too few. */
export const promptTokens = (prompts: Prompts, request: AnswerRequest): number => {
  const { turns, summary = "", facts = [], openQuestions = [], findings = [], tools } = request;
  const said = turns.map(({ text = "" }) => text.length + 40);
  const known = JSON.stringify([summary, facts, openQuestions, findings, tools?.offered ?? []]).length;
  const characters = said.reduce((sum, length) => sum + length, prompts.answer.text.length + besides + known);
  return Math.ceil(characters / charactersPerToken);
};

/** How much most replies say. */
export const usualReplyTokens = 150;
