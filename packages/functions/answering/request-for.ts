import type { AnswerRequest } from "#core/clients/model.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import type { Context } from "#core/views/context.ts";

/**
 * What is unanswered comes last, whatever was said in between. What a customer wrote to a person, or what is
 * not to be answered, is no question to the bot: it is left out where nobody has replied to it since.
 */
export const requestFor = (context: Context, { unanswered }: Conversation): AnswerRequest => {
  const { turns, language, summary, facts, openQuestions, findings } = context;
  const open = new Set(unanswered.map(({ version }) => version));
  const lastReply = turns.findLast(({ from }) => from === "business")?.version ?? 0;
  const before = turns.filter(({ version }) => !open.has(version) && version <= lastReply);
  const asked = turns.filter(({ version }) => open.has(version));
  return {
    turns: [...before, ...asked].map(({ from, kind, text }) => ({
      from,
      kind,
      ...(text !== undefined && { text }),
    })),
    ...(language !== undefined && { language }),
    ...(summary && { summary: summary.text }),
    ...(facts && { facts }),
    ...(openQuestions && { openQuestions }),
    ...(findings && { findings: findings.map(({ kind, text }) => `${kind}: ${text}`) }),
  };
};
