/** Sends what was asked for, so that at most one message of it is ever seen (D9). */
import type { Pseudonyms } from "#core/clients/pseudonyms.ts";
import type { SendOutcome, WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import type { Conversation, Send } from "#core/domain/conversation.ts";
import {
  contentOf,
  decideFinishSend,
  decideStartSend,
  recipientOf,
  type Fallback,
  type StartSend,
} from "#core/domain/send.ts";
import type { Template } from "#core/domain/templates.ts";
import { parseConversationStream, sendRef } from "#core/events/stream.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import type { Identities } from "#core/store/identities.ts";
import { applyRemedy, circuitOf, takeTurn, type PaceDeps } from "#functions/shared/send-pace.ts";
import {
  eachEvent,
  type EachEventDeps,
  NotYet,
  type QueueHandler,
  waitMs,
} from "#functions/shared/each-event.ts";
import { adoptStatuses } from "#functions/receiving/receive-statuses.ts";

export type SendMessageDeps = HandleDeps &
  EachEventDeps &
  PaceDeps & {
    whatsapp: WhatsApp;
    identities: Identities;
    pseudonyms: Pseudonyms;
    templates: readonly Template[];
  };

/** A call that began this long ago is over, one way or the other: its caller has timed out or died. */
export const callMs = 15_000;
/** A send whose outcome nothing has told for this long waits for a person. */
export const parkAfterMs = 60_000;
/** How soon to look again at what is not settled, or is behind another message. */
const settleMs = 3_000;
const earlierMs = 500;

export const sendMessage = (deps: SendMessageDeps): QueueHandler =>
  eachEvent(deps, async ({ detail }) => {
    const { stream, id: causationId } = detail;
    const sendId = String(detail.data["sendId"]);
    const { state } = await load(deps.store, stream);
    const send = state.sends[sendId];
    if (!send) return;
    // whoever recorded it may have died before it was placed
    if (send.phase === "sent" && send.messageId) return place(deps, stream, send.messageId);
    const successor = await successorOf(deps, state);
    const job = { stream, causationId, sendId, send, state, successor };
    const plan = decideStartSend(state, { at: deps.clock().toISOString(), sendId, successor });
    if ("rejected" in plan && plan.rejected === "send-unsettled") return settle(deps, job);
    if ("rejected" in plan) throw new NotYet(plan.rejected, waitingMs(deps, send));
    await start(
      deps,
      job,
      plan.some(({ type }) => type === "SendStarted"),
    );
  });

type Job = {
  stream: string;
  causationId: string;
  sendId: string;
  send: Send;
  state: Conversation;
  successor: StartSend["successor"];
};

const waitingMs = ({ clock }: SendMessageDeps, { requestedAt }: Send): number =>
  waitMs(earlierMs, clock().getTime() - Date.parse(requestedAt));

/** The conversation that this one was absorbed by; a person has it, too, who has the one that absorbed that. */
const successorOf = async (
  deps: SendMessageDeps,
  { movedTo }: Conversation,
): Promise<StartSend["successor"]> => {
  if (movedTo === undefined) return undefined;
  const { state } = await load(deps.store, movedTo);
  const isHeld = state.owner === "human" || ((await successorOf(deps, state))?.isHeld ?? false);
  return { stream: movedTo, isHeld };
};

/** What came of an attempt. `againMs`: the intent is not over, and wants to be looked at again. */
type Attempt = { outcome?: SendOutcome; againMs?: number; fault?: Error };

/** One guarded unit, from the recorded attempt to the recorded outcome: with the circuit open, nothing is begun. */
const start = async (deps: SendMessageDeps, job: Job, willCall: boolean): Promise<void> => {
  const circuit = circuitOf(job.stream);
  const guarded = await deps.circuits.guard(
    circuit,
    // a fault of ours says nothing of WhatsApp's health: it passes by the guard
    () => attempt(deps, job, willCall).catch((fault: Error): Attempt => ({ fault })),
    ({ outcome }) => isOutage(outcome),
  );
  if (guarded.made && guarded.result.fault !== undefined) throw guarded.result.fault;
  const now = deps.clock().getTime();
  const againMs = guarded.made ? guarded.result.againMs : Math.max(earlierMs, guarded.reopensAtMs - now);
  if (againMs !== undefined) throw new NotYet(guarded.made ? "send-not-over" : "circuit-open", againMs);
};

/** What counts against WhatsApp's health, rather than against this message; without a call, nothing is known of it. */
const isOutage = (outcome: SendOutcome | undefined): boolean | undefined =>
  outcome &&
  (outcome.outcome === "uncertain" || (outcome.outcome === "refused" && outcome.reason === "not-connected"));

const attempt = async (deps: SendMessageDeps, job: Job, willCall: boolean): Promise<Attempt> => {
  // no sooner: while the circuit is open, nobody's turn is spent
  if (willCall) await takeTurn(deps, job.stream);
  const { stream, sendId, causationId } = job;
  // a turn may have taken seconds, in which a person came
  const successor = willCall ? await successorOf(deps, job.state) : job.successor;
  const command = { at: deps.clock().toISOString(), sendId, successor, fallback: fallback(deps) };
  const started = await handle(deps, stream, (state) => decideStartSend(state, command), causationId);
  if (started.rejected) return { againMs: waitingMs(deps, job.send) };
  const begun = started.events.some(({ type }) => type === "SendStarted");
  return begun ? call(deps, { ...job, state: started.state }) : {};
};

const call = async (deps: SendMessageDeps, job: Job): Promise<Attempt> => {
  const to = recipientOf(job.state);
  if (!to) throw new TypeError("a send was started without a recipient");
  const message = {
    phoneNumberId: phoneNumberOf(job),
    to,
    content: contentOf(job.send),
    sendRef: refOf(job),
  };
  const outcome = await deps.whatsapp.send(message);
  await finish(deps, job, outcome, "response");
  if (outcome.outcome === "sent") return { outcome };
  if (outcome.outcome === "uncertain") return { outcome, againMs: settleMs };
  const waitMs = await applyRemedy(deps, job.stream, outcome.remedy, job.send.attempt);
  return { outcome, ...(outcome.retry === "later" && { againMs: waitMs }) };
};

/** Finds out what became of a call whose caller never said: a status may have told meanwhile, else history is asked. */
const settle = async (deps: SendMessageDeps, job: Job): Promise<void> => {
  const ageMs = deps.clock().getTime() - Date.parse(job.send.startedAt ?? "");
  if (ageMs < callMs) throw new NotYet("call-may-be-under-way", callMs - ageMs);
  const known = await deps.whatsapp.findSent({ phoneNumberId: phoneNumberOf(job), sendRef: refOf(job) });
  if (known.found === "sent") return finish(deps, job, { outcome: "sent", wamid: known.wamid }, "history");
  if (known.found === "absent") {
    await finish(deps, job, { outcome: "refused", retry: "later", reason: "never-arrived" }, "history");
    throw new NotYet("never-arrived", 0);
  }
  const parked = ageMs > parkAfterMs;
  await finish(
    deps,
    job,
    parked ? { outcome: "parked" } : { outcome: "uncertain", reason: known.reason },
    "history",
  );
  if (!parked) throw new NotYet("send-unsettled", settleMs);
};

const finish = async (
  deps: SendMessageDeps,
  job: Job,
  outcome: SendOutcome | { outcome: "parked" },
  evidence: "response" | "history",
): Promise<void> => {
  const { stream, sendId, causationId } = job;
  const attempt = attemptOf(job);
  if (outcome.outcome !== "sent") {
    const command = { sendId, attempt, ...outcome, fallback: fallback(deps) };
    await handle(deps, stream, (state) => decideFinishSend(state, command), causationId);
    return;
  }
  const messageId = deps.pseudonyms.messageId(outcome.wamid);
  const sent = { ...outcome, sendId, attempt, messageId, evidence };
  const { events } = await handle(deps, stream, (state) => decideFinishSend(state, sent), causationId);
  if (events.some(({ type }) => type === "MessageSent")) logReply(deps, job);
  await place(deps, stream, messageId);
};

/** Once the conversation knows the message: a status that is led here sooner would find no send to belong to. */
const place = async (deps: SendMessageDeps, stream: string, messageId: string): Promise<void> => {
  await deps.identities.placeMessage(messageId, stream);
  await adoptStatuses(deps, stream, messageId);
};

/** How long a customer has waited, once for each reply. `stacks/operations.ts` makes a metric of this very line. */
const logReply = ({ log, clock }: SendMessageDeps, { stream, send: { askedAt } }: Job): void => {
  if (askedAt !== undefined)
    log("info", "reply sent", { stream, durationMs: clock().getTime() - Date.parse(askedAt) });
};

const fallback = ({ templates, newId }: SendMessageDeps): Fallback => ({ templates, newSendId: newId() });

const phoneNumberOf = ({ stream }: Job): string => parseConversationStream(stream)?.phoneNumberId ?? "";

/** The call that is begun: the state is as it was after its `SendStarted`. */
const attemptOf = ({ sendId, state, send }: Job): number => (state.sends[sendId] ?? send).attempt;

const refOf = (job: Job): string => sendRef(job.stream, job.sendId, attemptOf(job));
