/** Sends what was asked for, so that at most one message of it is ever seen (D9). */
import { decideFinishSend, decideStartSend, recipientOf } from "#core/domain/send.ts";
import type { Conversation, Send } from "#core/domain/conversation.ts";
import type { Pseudonyms } from "#core/clients/pseudonyms.ts";
import type { SendOutcome, WhatsApp } from "#core/clients/whatsapp/whatsapp.ts";
import { parseConversationStream, sendRef } from "#core/events/stream.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import type { Identities } from "#core/store/identities.ts";
import { eachEvent, NotYet, type QueueHandler } from "#functions/shared/each-event.ts";
import type { Log } from "#functions/shared/log.ts";
import { adoptStatuses } from "#functions/shared/unmatched-statuses.ts";

export type SendMessageDeps = HandleDeps & {
  whatsapp: WhatsApp;
  identities: Identities;
  pseudonyms: Pseudonyms;
  log: Log;
};

/** A call that began this long ago is over, one way or the other: its caller has timed out or died. */
export const callMs = 15_000;
/** A send whose outcome nothing has told for this long waits for a person. */
export const parkAfterMs = 60_000;

export const sendMessage = (deps: SendMessageDeps): QueueHandler =>
  eachEvent(deps.log, async ({ detail }) => {
    const { stream, id: causationId } = detail;
    const sendId = String(detail.data.sendId);
    const at = deps.clock().toISOString();
    const started = await handle(
      deps,
      stream,
      (before) => decideStartSend(before, { at, sendId }),
      causationId,
    );
    const send = started.state.sends[sendId];
    if (!send) return;
    const job = { stream, causationId, sendId, send, state: started.state };
    if (started.rejected) await settle(deps, job);
    else if (started.events.some(({ type }) => type === "SendStarted")) await call(deps, job);
  });

type Job = { stream: string; causationId: string; sendId: string; send: Send; state: Conversation };

const call = async (deps: SendMessageDeps, job: Job): Promise<void> => {
  const to = recipientOf(job.state);
  if (!to) throw new TypeError("a send was started without a recipient");
  const outcome = await deps.whatsapp.send({
    phoneNumberId: phoneNumberOf(job),
    to,
    content: job.send.content,
    sendRef: refOf(job),
  });
  await finish(deps, job, outcome, "response");
  if (outcome.outcome === "uncertain") throw new NotYet(outcome.reason);
  if (outcome.outcome === "refused" && outcome.retry === "later") throw new NotYet(outcome.reason);
};

/** Finds out what became of a call whose caller never said: a status may have told meanwhile, else history is asked. */
const settle = async (deps: SendMessageDeps, job: Job): Promise<void> => {
  const ageMs = deps.clock().getTime() - Date.parse(job.send.startedAt ?? "");
  if (job.send.phase === "started" && ageMs < callMs) throw new NotYet("call-may-be-under-way");
  const known = await deps.whatsapp.findSent({ phoneNumberId: phoneNumberOf(job), sendRef: refOf(job) });
  if (known.found === "sent") return finish(deps, job, { outcome: "sent", wamid: known.wamid }, "history");
  if (known.found === "absent")
    await finish(deps, job, { outcome: "refused", retry: "later", reason: "never-arrived" }, "history");
  else
    await finish(
      deps,
      job,
      ageMs > parkAfterMs ? { outcome: "parked" } : { outcome: "uncertain", reason: known.reason },
      "history",
    );
  throw new NotYet("send-unsettled");
};

const finish = async (
  deps: SendMessageDeps,
  { stream, sendId, causationId }: Job,
  outcome: SendOutcome | { outcome: "parked" },
  evidence: "response" | "history",
): Promise<void> => {
  if (outcome.outcome !== "sent") {
    await handle(deps, stream, (state) => decideFinishSend(state, { sendId, ...outcome }), causationId);
    return;
  }
  const messageId = deps.pseudonyms.messageId(outcome.wamid);
  await deps.identities.placeMessage(messageId, stream);
  await handle(
    deps,
    stream,
    (state) => decideFinishSend(state, { ...outcome, sendId, messageId, evidence }),
    causationId,
  );
  await adoptStatuses(deps, stream, messageId);
};

const phoneNumberOf = ({ stream }: Job): string => parseConversationStream(stream)?.phoneNumberId ?? "";

const refOf = ({ stream, sendId }: Job): string => sendRef(stream, sendId);
