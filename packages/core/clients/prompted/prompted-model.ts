import { createHash } from "node:crypto";
import type { Knowledge } from "../knowledge.ts";
import {
  type Answer,
  type AnswerRequest,
  type Declined,
  KnowledgeFault,
  type Model,
  type ModelFault,
  type ToolCall,
  type Tools,
} from "../model.ts";
import { linksIn } from "../links.ts";
import { answerForm, readAnswer } from "./answer-form.ts";
import { materialOf, turnsOf } from "./answer-prompt.ts";
import type { Chat, ChatReply, ChatStep, TokenCounts, ToolAnswer } from "./chat.ts";
import { findPassages } from "./find-passages.ts";
import { meter, type Stopwatch, withUse } from "./meter.ts";
import type { Prompt } from "./prompts.ts";
import { untrusted } from "./untrusted.ts";
import { deadline, withinTime } from "./within-time.ts";

export type PromptedModelOptions = {
  chat: Chat;
  knowledge: Knowledge;
  prompt: Prompt;
  /** As answers record it: everything that was set is among the parameters. */
  made: Answer["model"];
  outputTokensMax: number;
  /** Of one request, in US dollars. */
  costOf: (tokens: TokenCounts) => number;
  stopwatch?: Stopwatch;
};

/** How often tools may be asked for before it must answer with what it has. */
const toolRoundsMax = 3;
const callsAtOnceMax = 4;
const resultCharactersMax = 4_000;

/**
 * A model that is told what to do in a prompt, shown passages of the knowledge base, and answers in a form. What
 * it says is checked against what it was shown: sources that were not there are left out. The links that were there go
 * with the answer.
 */
export const promptedModel = (options: PromptedModelOptions): Model => {
  const { chat, knowledge, prompt, made } = options;
  const promptHash = hashOf(options);
  return {
    async answer(request) {
      const signal = deadline(request.timeoutMs);
      const spent = meter(options.costOf, options.stopwatch);
      const { passages, language } = await withinTime(
        findPassages(knowledge, request),
        signal,
        knowledgeIsLate,
      );
      const step = chat({
        instructions: prompt.text,
        material: materialOf(passages),
        turns: turnsOf(request),
        tools: request.tools?.offered ?? [],
        output: answerForm,
        outputTokensMax: options.outputTokensMax,
      });
      const metered = (next: Asking): Promise<ChatReply> =>
        withinTime(step({ ...next, signal, spent: spent.add }), signal);
      try {
        const { reply, usedTools } = await converse(metered, request, signal);
        const declined = (why: Declined["declined"]): Declined => ({ declined: why, use: spent.use() });
        if (reply.stop !== "output") return declined(reply.stop === "tools" ? "malformed" : reply.stop);
        const read = readAnswer(reply.output, {
          sources: new Set(passages.map(({ source }) => source)),
          usedTools,
          language: request.language ?? language,
        });
        if (!read) return declined("malformed");
        const links = passages.flatMap(({ text }) => linksIn(text));
        return { ...read, links, model: made, promptHash, use: spent.use() };
      } catch (error) {
        throw withUse(error, spent.use());
      }
    },
  };
};

const knowledgeIsLate = (): ModelFault =>
  new KnowledgeFault("timeout", "later", "the knowledge base did not answer in time");

type Asking = Pick<ChatStep, "results" | "answerNow">;

/** Until it answers, or is told to. */
const converse = async (
  ask: (next: Asking) => Promise<ChatReply>,
  { tools }: AnswerRequest,
  signal: AbortSignal,
): Promise<{ reply: ChatReply; usedTools: boolean }> => {
  let results: ToolAnswer[] = [];
  for (let round = 0; ; round += 1) {
    const answerNow = !tools || tools.offered.length === 0 || round === toolRoundsMax;
    const reply = await ask({ results, answerNow });
    if (reply.stop !== "tools" || answerNow) return { reply, usedTools: round > 0 };
    results = await withinTime(useAll(tools, reply.calls), signal);
  }
};

/** One after another, for what one does may matter to the next. */
const useAll = async (tools: Tools, calls: readonly ToolCall[]): Promise<ToolAnswer[]> => {
  const answers: ToolAnswer[] = [];
  for (const [index, call] of calls.entries()) {
    const { ok, content } =
      index < callsAtOnceMax
        ? await tools.use(call)
        : { ok: false, content: "Too many calls at once: this one was not made." };
    const text = untrusted("tool", content.slice(0, resultCharactersMax), { name: call.name });
    answers.push({ callId: call.callId, name: call.name, ok, text });
  }
  return answers;
};

/** Of everything that decides what the same turns are answered (D14). */
const hashOf = ({ prompt, knowledge, made }: PromptedModelOptions): string =>
  createHash("sha256")
    .update(JSON.stringify([prompt.hash, knowledge.hash, made, answerForm]))
    .digest("hex");
