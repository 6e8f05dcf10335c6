/** A delivery status, placed by its message's id alone; by the reference that our send carried until that is known. */
import type { StatusUpdate, Update } from "#core/clients/whatsapp/update.ts";
import { decideReceive } from "#core/domain/receive.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { parseSendRef } from "#core/events/stream.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import type { Identities } from "#core/store/identities.ts";
import type { Log } from "./log.ts";
import { adoptStatuses, keepUnmatched } from "./unmatched-statuses.ts";

type Deps = HandleDeps & { identities: Identities; log: Log };

export const receiveStatus = async (
  deps: Deps,
  { wamid, event, field, businessAccountId }: StatusUpdate & Pick<Update, "field" | "businessAccountId">,
  recipient: () => Promise<string | undefined>,
): Promise<void> => {
  const { messageId } = event.data;
  const ref = parseSendRef(event.data.sendId ?? "");
  const placed = withSend(event, ref?.sendId);
  const stream = (await deps.identities.streamOfMessage(messageId)) ?? ref?.stream;
  const at = deps.clock().toISOString();
  const known =
    stream &&
    (await handle(deps, stream, (state) =>
      decideReceive(state, { at, contact: {}, inbound: [{ event: placed, wamid }] }),
    ));
  if (known && !known.rejected) return;
  const contactId = await recipient();
  await keepUnmatched(deps, {
    event: placed,
    wamid,
    field,
    businessAccountId,
    ...(contactId && { contactId }),
  });
  deps.log("warn", "status of an unknown message", { reason: "unmatched-status" });
  const meanwhile = await deps.identities.streamOfMessage(messageId);
  if (meanwhile) await adoptStatuses(deps, meanwhile, messageId);
};

const withSend = (
  event: EventOf<"DeliveryStatusReceived">,
  sendId: string | undefined,
): EventOf<"DeliveryStatusReceived"> => {
  const { sendId: _, ...data } = event.data;
  return { ...event, data: { ...data, ...(sendId && { sendId }) } };
};
