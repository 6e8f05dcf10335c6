/**
 * Statuses that came before we knew the message they speak of (F6, F9): kept by message id until its send
 * is recorded. Whoever keeps one looks for the message again after, and whoever records a message looks
 * for statuses after; so one of the two sees the other.
 */
import * as z from "zod";
import { BUSINESS } from "#core/clients/keys.ts";
import { DeliveryStatusReceived, type EventOf } from "#core/events/conversation.ts";
import { decideReceive, type Inbound } from "#core/domain/receive.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";

export type Unmatched = {
  event: EventOf<"DeliveryStatusReceived">;
  wamid: string;
  field: string;
  businessAccountId: string;
  contactId?: string;
};

const Kept = z.object({ event: DeliveryStatusReceived, wamid: z.string() });

const streamOf = (messageId: string): string => `unmatched-${messageId}`;

export const keepUnmatched = async (deps: HandleDeps, status: Unmatched): Promise<void> => {
  const { event, wamid, field, businessAccountId } = status;
  const stream = streamOf(event.data.messageId);
  const raw = JSON.stringify({ event, wamid } satisfies z.input<typeof Kept>);
  for (;;) {
    const kept = await readKept(deps, event.data.messageId);
    if (kept.some((other) => other.event.data.status === event.data.status)) return;
    const appended = await deps.store.append({
      stream,
      expectedVersion: kept.length,
      events: [
        { type: "UpdateQuarantined", data: { reason: "unmatched-status", field, businessAccountId, raw } },
      ],
      subject: status.contactId ?? BUSINESS,
      commitId: deps.newId(),
      at: deps.clock().toISOString(),
    });
    if (appended) return;
  }
};

/** Moves what was kept for this message into its conversation. Repeating it changes nothing. */
export const adoptStatuses = async (deps: HandleDeps, stream: string, messageId: string): Promise<void> => {
  const inbound = await readKept(deps, messageId);
  if (inbound.length === 0) return;
  const at = deps.clock().toISOString();
  await handle(deps, stream, (state) => decideReceive(state, { at, inbound, contact: {} }));
};

const readKept = async (
  { store }: HandleDeps,
  messageId: string,
): Promise<(Inbound & z.infer<typeof Kept>)[]> => {
  const kept: z.infer<typeof Kept>[] = [];
  for await (const events of store.read(streamOf(messageId)))
    for (const event of events)
      if (event.type === "UpdateQuarantined") kept.push(Kept.parse(JSON.parse(event.data.raw)));
  return kept;
};
