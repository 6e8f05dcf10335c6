/** A delivery status, placed by its message's id alone; by the reference that our send carried until that is known. */
import type { StatusUpdate, Update } from "#core/clients/whatsapp/update.ts";
import { decideReceive, type Inbound } from "#core/domain/receive.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { parseSendRef } from "#core/events/stream.ts";
import { handle, type Handled, type HandleDeps } from "#core/store/handle.ts";
import type { Identities } from "#core/store/identities.ts";
import type { Template } from "#core/domain/templates.ts";
import { applyRemedy, type PaceDeps } from "./send-pace.ts";
import { adoptStatuses, keepUnmatched } from "./unmatched-statuses.ts";

type Deps = HandleDeps & PaceDeps & { identities: Identities; templates: readonly Template[] };

export const receiveStatus = async (
  deps: Deps,
  { wamid, event, field, businessAccountId }: StatusUpdate & Pick<Update, "field" | "businessAccountId">,
  recipient: () => Promise<string | undefined>,
): Promise<void> => {
  const { messageId } = event.data;
  const ref = parseSendRef(event.data.sendId ?? "");
  const placed = withSend(event, ref?.sendId);
  const stream = (await deps.identities.streamOfMessage(messageId)) ?? ref?.stream;
  const known = stream && (await place(deps, stream, { event: placed, wamid }));
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

/** What a failure asks for besides is done once, with the fact. */
const place = async (deps: Deps, stream: string, inbound: Inbound): Promise<Handled> => {
  const fallback = { templates: deps.templates, newSendId: deps.newId() };
  const at = deps.clock().toISOString();
  const handled = await handle(deps, stream, (state) =>
    decideReceive(state, { at, contact: {}, inbound: [inbound], fallback }),
  );
  const remedies = handled.events.flatMap((event) =>
    event.type === "DeliveryStatusReceived" && event.data.remedy ? [event.data.remedy] : [],
  );
  for (const remedy of remedies) await applyRemedy(deps, stream, remedy, 0);
  return handled;
};

const withSend = (
  event: EventOf<"DeliveryStatusReceived">,
  sendId: string | undefined,
): EventOf<"DeliveryStatusReceived"> => {
  const { sendId: _, ...data } = event.data;
  return { ...event, data: { ...data, ...(sendId && { sendId }) } };
};
