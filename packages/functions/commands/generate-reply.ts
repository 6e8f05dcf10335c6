/** Answers a customer who has gone quiet: once for all they wrote, and never over a human (D8). */
import { decideFinishReply, decideStartReply } from "#core/domain/reply.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import type { Circuits } from "#core/clients/circuits.ts";
import type { Answer, AnswerRequest, Model } from "#core/clients/model.ts";
import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { BusEvent } from "#core/events/bus.ts";
import { getContext } from "#core/store/get-context.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import type { ViewStore } from "#core/store/view-store.ts";
import type { Context } from "#core/views/context.ts";
import { composeReply } from "#functions/shared/compose-reply.ts";
import { eachEvent, type EachEventDeps, NotYet, type QueueHandler } from "#functions/shared/each-event.ts";
import { whileTyping } from "#functions/shared/show-typing.ts";

export type GenerateReplyDeps = HandleDeps &
  EachEventDeps & {
    views: ViewStore;
    model: Model;
    circuits: Circuits;
    whatsapp: WhatsApp;
    /** How long the customer must have been quiet. */
    quietMs: number;
  };

/** Longer than an answer may take; after it, another invocation may claim the reply. */
export const leaseMs = 10_000;
/** How soon a reply that another invocation has claimed is looked at again. */
const claimedMs = 2_000;

export const generateReply = (deps: GenerateReplyDeps): QueueHandler =>
  eachEvent(deps, async ({ detail }) => {
    await deps.sleep(quietLeft(deps, detail.at));
    const started = await startReply(deps, detail);
    if (!started) return;
    const { context, answer } = await whileTyping(deps.whatsapp, started.state, async () => {
      const context = await getContext(deps, detail.stream, detail.version);
      return { context, answer: await ask(deps, requestFor(context, started.state)) };
    });
    await finishReply(deps, detail, started.replyId, context, answer);
  });

/** When the model is down, nobody waits for it in vain: the message comes again when it may be asked. */
const ask = async (
  { model, circuits, clock }: GenerateReplyDeps,
  request: AnswerRequest,
): Promise<Answer> => {
  const guarded = await circuits.guard(
    "model",
    () => model.answer(request),
    () => false,
  );
  if (guarded.made) return guarded.result;
  throw new NotYet("circuit-open", Math.max(claimedMs, guarded.reopensAtMs - clock().getTime()));
};

const quietLeft = ({ clock, quietMs }: GenerateReplyDeps, at: string): number =>
  Math.min(quietMs, Math.max(0, Date.parse(at) + quietMs - clock().getTime()));

type Started = { replyId: string; state: Conversation };

const startReply = async (
  deps: GenerateReplyDeps,
  { stream, version, id }: BusEvent["detail"],
): Promise<Started | undefined> => {
  const replyId = deps.newId();
  const claim = { replyId, version, leaseMs };
  const { state, events, rejected } = await handle(
    deps,
    stream,
    (before) => decideStartReply(before, { ...claim, at: deps.clock().toISOString() }),
    id,
  );
  if (rejected) throw new NotYet(rejected, claimedMs);
  return events.length > 0 ? { replyId, state } : undefined;
};

/**
 * What is unanswered comes last, whatever was said in between. What a customer wrote to a person, or what is
 * not to be answered, is no question to the bot: it is left out where nobody has replied to it since.
 */
const requestFor = ({ turns, language }: Context, { unanswered }: Conversation): AnswerRequest => {
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
  };
};

const finishReply = async (
  deps: GenerateReplyDeps,
  { stream, id }: BusEvent["detail"],
  replyId: string,
  context: Context,
  { text, choices, needsHuman, ...answer }: Answer,
): Promise<void> => {
  const contents = composeReply({ text, ...(choices && { choices }) });
  const messages = contents.map((content) => ({ sendId: deps.newId(), content }));
  const facts = { ...answer, sendId: messages[0]?.sendId ?? "", contextVersion: context.version };
  const finish = { replyId, messages, draft: text, needsHuman, facts };
  const { events } = await handle(deps, stream, (state) => decideFinishReply(state, finish), id);
  if (events.some(({ type }) => type === "ReplyGenerated")) logCost(deps, stream, answer.model);
};

/** `stacks/operations.ts` makes a metric of this very line. */
const logCost = ({ log }: GenerateReplyDeps, stream: string, model: Answer["model"]): void =>
  log("info", "reply generated", { stream, conversationCostUsd: costUsd(model) });

/** What the conversation's replies have cost so far, in dollars. */
const costUsd = ({ source }: Answer["model"]): number => {
  switch (source) {
    case "offline":
      return 0;
  }
};
