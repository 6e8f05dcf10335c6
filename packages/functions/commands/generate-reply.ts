/** Answers a customer who has gone quiet: once for all they wrote, and never over a human (D8). */
import type { Conversation } from "#core/domain/conversation.ts";
import type { DialogFacts } from "#core/domain/dialog.ts";
import {
  decideFinishReply,
  decideStartReply,
  decideWithholdReply,
  newestUnanswered,
} from "#core/domain/reply.ts";
import { leaseMs } from "#core/domain/reply-time.ts";
import { leftToSpend, spentOn } from "#core/domain/spending.ts";
import type { Answer, AnswerRequest } from "#core/clients/model.ts";
import type { WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { BusEvent } from "#core/events/bus.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { getContext, type ContextDeps } from "#core/store/get-context.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import { composeReply } from "#functions/answering/compose-reply.ts";
import {
  eachEvent,
  type EachEventDeps,
  NotYet,
  type QueueHandler,
  waitMs,
} from "#functions/shared/each-event.ts";
import { leadDialog, type Led, type LeadDialogDeps, withReminder } from "#functions/answering/lead-dialog.ts";
import { makeAnswer, type Made, type MakeAnswerDeps, type Reply } from "#functions/answering/make-answer.ts";
import { isStandIn } from "#functions/answering/stand-in.ts";
import { requestFor } from "#functions/answering/request-for.ts";
import { whileTyping } from "#functions/answering/show-typing.ts";
import { stopwatch } from "#functions/answering/stopwatch.ts";

export type GenerateReplyDeps = HandleDeps &
  EachEventDeps &
  ContextDeps &
  MakeAnswerDeps &
  LeadDialogDeps & {
    whatsapp: WhatsApp;
    /** How long the customer must have been quiet. */
    quietMs: number;
  };

/** How much of the conversation a model is shown, about: it is paid for with every answer. */
export const contextTokensMax = 1_500;
/** How soon a reply that another invocation has claimed, or no model could make, is looked at again. */
const againMs = 2_000;
const againMsMax = 5 * 60_000;

export const generateReply = (deps: GenerateReplyDeps): QueueHandler =>
  eachEvent(deps, async ({ detail }) => {
    await deps.sleep(quietLeft(deps, detail.at));
    const reply = await startReply(deps, detail);
    if (!reply) return;
    await whileTyping(deps.whatsapp, reply.state, () => answer(deps, reply));
  });

const answer = async (deps: GenerateReplyDeps, reply: Reply): Promise<void> => {
  const { steps, time } = stopwatch(deps.clock);
  steps["waited"] = reply.startedAtMs - Date.parse(reply.askedAt);
  const context = await time("context", () =>
    getContext(deps, reply.stream, reply.version, contextTokensMax),
  );
  const request = requestFor(context, reply.state);
  const led = await time("dialog", () => mayLead(deps, reply, request));
  const facts = { contextVersion: context.version, steps };
  if (led.againMs !== undefined) {
    const nowMs = deps.clock().getTime();
    const waitedMs = nowMs - Date.parse(reply.askedAt);
    // each try is two events: who has waited for an hour can wait five minutes more
    const afterMs = Math.min(againMsMax, Math.max(led.againMs, waitedMs));
    return withhold(deps, reply, { outcome: "unavailable", reopensAtMs: nowMs + afterMs });
  }
  if (led.answer) return finish(deps, reply, led.answer, facts, led.dialog);
  const made = await time("model", () => makeAnswer(deps, reply, request));
  if (made.outcome !== "answered") return withhold(deps, reply, made);
  const { choice, use } = made;
  const answered = { ...facts, choice, ...(use && { use }) };
  await finish(deps, reply, withReminder(made.answer, led.reminder), answered, led.dialog);
};

/** A dialog's answers are answers too: none beyond those that a customer gets in a day. */
const mayLead = async (deps: GenerateReplyDeps, { state }: Reply, request: AnswerRequest): Promise<Led> => {
  const spent = spentOn(state.spent, deps.clock().toISOString());
  return leftToSpend(spent, deps.allowance) === undefined ? {} : leadDialog(deps, state, request);
};

const quietLeft = ({ clock, quietMs }: GenerateReplyDeps, at: string): number =>
  Math.min(quietMs, Math.max(0, Date.parse(at) + quietMs - clock().getTime()));

const startReply = async (
  deps: GenerateReplyDeps,
  { stream, version, id, at }: BusEvent["detail"],
): Promise<Reply | undefined> => {
  const replyId = deps.newId();
  const claim = { replyId, version, leaseMs };
  const { state, events, rejected } = await handle(
    deps,
    stream,
    (before) => decideStartReply(before, { ...claim, at: deps.clock().toISOString() }),
    id,
  );
  const startedAtMs = deps.clock().getTime();
  if (rejected) throw new NotYet(rejected, waitMs(againMs, startedAtMs - Date.parse(at)));
  return events.length > 0
    ? { stream, version, replyId, causationId: id, state, askedAt: newest(state, at), startedAtMs }
    : undefined;
};

/** When the message came that the answer is timed by. */
const newest = ({ unanswered }: Conversation, at: string): string => unanswered.at(-1)?.at ?? at;

type Facts = Pick<EventOf<"ReplyGenerated">["data"], "contextVersion" | "choice" | "use" | "steps">;

const finish = async (
  deps: GenerateReplyDeps,
  { stream, version, replyId, causationId }: Reply,
  { text, choices, needsHuman, ...said }: Answer,
  facts: Facts,
  dialog: DialogFacts | undefined,
): Promise<void> => {
  const contents = composeReply({ text, ...(choices && { choices }) });
  const messages = contents.map((content) => ({ sendId: deps.newId(), content }));
  const all = { ...said, ...facts, sendId: messages[0]?.sendId ?? "" };
  const command = { replyId, messages, draft: text, needsHuman, facts: all, dialog };
  const { state, events } = await handle(deps, stream, (now) => decideFinishReply(now, command), causationId);
  if (events.some(({ type }) => type === "ReplyGenerated")) logReply(deps, stream, state, all);
  if (isLeftOver(state, version)) throw new NotYet("message-taken-back", 0);
};

/** `stacks/operations.ts` makes metrics of this very line. A dialog's replies want no model. */
const logReply = (
  { log }: GenerateReplyDeps,
  stream: string,
  { modelUsd }: Conversation,
  { model, choice }: Pick<EventOf<"ReplyGenerated">["data"], "model" | "choice">,
): void =>
  log("info", "reply generated", {
    stream,
    conversationCostUsd: modelUsd,
    ...(choice && { withoutModel: isStandIn(model, choice) ? 1 : 0 }),
  });

/** The claim is given back. Where no model could be asked, the message comes again when one may be. */
const withhold = async (
  deps: GenerateReplyDeps,
  { stream, replyId, causationId }: Reply,
  made: Exclude<Made, { outcome: "answered" }>,
): Promise<void> => {
  const nowMs = deps.clock().getTime();
  const isSpent = made.outcome === "budget-spent";
  const [content] = isSpent ? composeReply(made.notice) : [];
  const command = {
    replyId,
    reason: isSpent ? ("budget-spent" as const) : ("no-model" as const),
    at: new Date(nowMs).toISOString(),
    ...(made.use && { use: made.use }),
    ...(content && { notice: { sendId: deps.newId(), content } }),
  };
  await handle(deps, stream, (state) => decideWithholdReply(state, command), causationId);
  if (made.outcome === "unavailable")
    throw new NotYet("no-model", Math.max(againMs, (made.reopensAtMs ?? 0) - nowMs));
};

/** The newest message was taken back while it was answered: no event but its own will ask for those before it. */
const isLeftOver = (state: Conversation, version: number): boolean =>
  !state.reply && (newestUnanswered(state) ?? Number.POSITIVE_INFINITY) <= version;
