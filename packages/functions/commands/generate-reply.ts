/** Answers a customer who has gone quiet: once for all they wrote, and never over a human (D8). */
import { decideFinishReply, decideStartReply } from "#core/domain/reply.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import type { Answer, AnswerRequest, Model } from "#core/clients/model.ts";
import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { BusEvent } from "#core/events/bus.ts";
import { getContext } from "#core/store/get-context.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import type { ViewStore } from "#core/store/view-store.ts";
import type { Context } from "#core/views/context.ts";
import { eachEvent, NotYet, type QueueHandler } from "#functions/shared/each-event.ts";
import type { Log } from "#functions/shared/log.ts";

export type GenerateReplyDeps = HandleDeps & {
  views: ViewStore;
  model: Model;
  whatsapp: WhatsApp;
  log: Log;
  /** How long the customer must have been quiet. */
  quietMs: number;
};

/** Longer than an answer may take; after it, another invocation may claim the reply. */
export const leaseMs = 10_000;

export const generateReply = (deps: GenerateReplyDeps): QueueHandler =>
  eachEvent(deps.log, async ({ detail }) => {
    await deps.sleep(quietLeft(deps, detail.at));
    const started = await startReply(deps, detail);
    if (!started) return;
    const [context] = await Promise.all([
      getContext(deps, detail.stream, detail.version),
      showTyping(deps, started.state),
    ]);
    const answer = await deps.model.answer(requestFor(context, started.state));
    await finishReply(deps, detail, started.replyId, context, answer);
  });

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
  if (rejected) throw new NotYet(rejected);
  return events.length > 0 ? { replyId, state } : undefined;
};

const showTyping = async ({ whatsapp }: GenerateReplyDeps, state: Conversation): Promise<void> => {
  const wamid = state.unanswered.at(-1)?.wamid;
  if (wamid && state.phoneNumberId) await whatsapp.showTyping({ phoneNumberId: state.phoneNumberId, wamid });
};

/** What is unanswered comes last, whatever was said in between. */
const requestFor = ({ turns, language }: Context, { unanswered }: Conversation): AnswerRequest => {
  const open = new Set(unanswered.map(({ version }) => version));
  const ordered = [
    ...turns.filter(({ version }) => !open.has(version)),
    ...turns.filter(({ version }) => open.has(version)),
  ];
  return {
    turns: ordered.map(({ from, kind, text }) => ({ from, kind, ...(text !== undefined && { text }) })),
    ...(language !== undefined && { language }),
  };
};

const finishReply = async (
  deps: GenerateReplyDeps,
  { stream, id }: BusEvent["detail"],
  replyId: string,
  context: Context,
  { text, needsHuman, ...answer }: Answer,
): Promise<void> => {
  const facts = { ...answer, sendId: deps.newId(), contextVersion: context.version };
  await handle(deps, stream, (state) => decideFinishReply(state, { replyId, text, needsHuman, facts }), id);
};
