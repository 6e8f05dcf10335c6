/**
 * Statuses that came before we knew the message they speak of (F6, F9): kept by message id until its send
 * is recorded. Whoever keeps one looks for the message again after, and whoever records a message looks
 * for statuses after; so one of the two sees the other.
 */
import * as z from "zod";
import { BUSINESS } from "#core/clients/keys.ts";
import { DeliveryStatusReceived, type EventOf } from "#core/events/conversation.ts";
import { ERASED } from "#core/events/pii.ts";
import type { Inbound } from "#core/domain/receive.ts";
import type { HandleDeps } from "#core/store/handle.ts";

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
    if (kept.statuses.some((other) => other.event.data.status === event.data.status)) return;
    const appended = await deps.store.append({
      stream,
      expectedVersion: kept.version,
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

/** What is kept of a message, but for what its person's erasure has made unreadable. */
export const readKept = async ({ store }: HandleDeps, messageId: string) => {
  const statuses: (Inbound & z.infer<typeof Kept>)[] = [];
  let version = 0;
  for await (const events of store.read(streamOf(messageId)))
    for (const event of events) {
      version = event.version;
      if (event.type === "UpdateQuarantined" && event.data.raw !== ERASED)
        statuses.push(Kept.parse(JSON.parse(event.data.raw)));
    }
  return { version, statuses };
};
