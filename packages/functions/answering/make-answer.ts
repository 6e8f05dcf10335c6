/** From what the customer asked to what is said to them: a model's answer if it may be said, else one of ours. */
import { type Answer, type AnswerRequest, openTurns } from "#core/clients/model.ts";
import type { Language } from "#core/clients/stop-words.ts";
import { asksForHuman, isJust, justNamesPerson } from "#core/clients/small-talk.ts";
import { reasonNotToSay, type AnswerRules } from "#core/clients/answer-rules.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import { answerMsMax, patienceLeftMs, timeLeftMs } from "#core/domain/reply-time.ts";
import type { EventOf, ModelUse } from "#core/events/conversation.ts";
import { askModels, chooseFor, type AskDeps } from "./ask-models.ts";
import { handOver, languageOf, offerPerson } from "./canned-replies.ts";
import { hasMedia, hintOf } from "./hint-of.ts";
import { describeError } from "#functions/shared/log.ts";
import { whileHolding, type HoldingDeps } from "./holding-reply.ts";
import { budgetLeft, countSpending, type SpendingDeps } from "#functions/shared/spending.ts";
import { toolsFor, type UseToolsDeps } from "./use-tools.ts";

export type MakeAnswerDeps = AskDeps &
  HoldingDeps &
  SpendingDeps &
  UseToolsDeps & {
    answerRules: AnswerRules;
  };

/** The reply that is being made, and since when somebody waits for it. */
export type Reply = {
  stream: string;
  /** The message's that asks for it. */
  version: number;
  replyId: string;
  causationId: string;
  state: Conversation;
  askedAt: string;
  startedAtMs: number;
};

type Choice = NonNullable<EventOf<"ReplyGenerated">["data"]["choice"]>;

export type Made = { use?: ModelUse } & (
  | { outcome: "answered"; answer: Answer; choice: Choice }
  | { outcome: "unavailable"; reopensAtMs?: number }
  | { outcome: "budget-spent"; notice: Answer }
);

export const makeAnswer = async (
  deps: MakeAnswerDeps,
  reply: Reply,
  request: AnswerRequest,
): Promise<Made> => {
  const language = await languageOf(request);
  const left = await budgetLeft(deps, reply.state).catch((error: unknown) =>
    deps.log("error", "what was spent could not be read", { error: describeError(error) }),
  );
  if (!left) return { outcome: "unavailable" };
  if (!("usd" in left)) return overBudget(deps, reply, request, language, left.spentWhat);
  const nowMs = deps.clock().getTime();
  const asking = { ...deps, spent: countSpending(deps, reply.state) };
  const giveUpAtMs = reply.startedAtMs + answerMsMax;
  const tools = toolsFor(deps, reply, request, giveUpAtMs);
  const full = deps.toolbox.length > 0 ? { ...request, tools } : request;
  const chosen = await chooseFor(asking, full, {
    hint: hintOf(request),
    language,
    media: hasMedia(request),
    customer: "standard",
    budgetLeftUsd: left.usd,
    timeLeftMs: timeLeftMs(reply.askedAt, nowMs),
  });
  const first = chosen.candidates.find(({ id }) => id === chosen.chain[0]);
  const holding = {
    ...reply,
    language,
    afterMs: patienceLeftMs(reply.askedAt, nowMs, first?.expectedMs ?? 0),
  };
  const asked = await whileHolding(deps, holding, () => askModels(asking, full, chosen, giveUpAtMs));
  const { choice } = asked;
  const use = asked.use && { use: asked.use };
  switch (asked.outcome) {
    case "answered": {
      const { answer, instead } = sayable(deps, asked.answer, language, tools.needsPerson());
      // who wrote what is not said
      const passedOver = [
        ...choice.passedOver,
        ...(instead ? [{ id: asked.answer.model.id, reason: instead }] : []),
      ];
      return { outcome: "answered", answer, choice: { ...choice, passedOver }, ...use };
    }
    case "declined":
      return {
        outcome: "answered",
        answer: tools.needsPerson()
          ? handOver(language, "tool")
          : offerPerson("declined", language, asked.because),
        choice,
        ...use,
      };
    case "unaffordable":
      return { ...overBudget(deps, reply, request, language, left.spentWhat), ...use };
    case "unavailable":
      return { ...asked, outcome: "unavailable" };
  }
};

/** What a model may not say, or may not promise, is said by us. A passage of the business's own is no model's word. */
const sayable = (
  { answerRules }: MakeAnswerDeps,
  { links, ...answer }: Answer,
  language: Language,
  needsPerson: boolean,
): { answer: Answer; instead?: string } => {
  if (needsPerson) return { answer: handOver(language, "tool"), instead: "needs-person" };
  if (answer.model.source === "offline") return { answer };
  const texts = [answer.text, ...(answer.choices ?? []).map(({ title }) => title)];
  const reason = texts.map((text) => reasonNotToSay(text, answerRules, links)).find(Boolean);
  return reason ? { answer: offerPerson("declined", language, reason), instead: reason } : { answer };
};

/** No more is spent; a person may still be asked for. */
const overBudget = (
  { log }: MakeAnswerDeps,
  { stream }: Reply,
  request: AnswerRequest,
  language: Language,
  reason: string,
): Made => {
  log("warn", "the budget of the day is spent", { stream, reason });
  return asksForPerson(request)
    ? {
        outcome: "answered",
        answer: handOver(language, "budget-spent"),
        choice: { reason: "budget-spent", passedOver: [] },
      }
    : { outcome: "budget-spent", notice: offerPerson("spent", language, "budget-spent") };
};

/** By words, or by a yes to the offer. */
const asksForPerson = (request: AnswerRequest): boolean =>
  openTurns(request).some(
    ({ text }) =>
      text !== undefined && (asksForHuman(text) || justNamesPerson(text) || isJust(text, ["yes", "please"])),
  );
