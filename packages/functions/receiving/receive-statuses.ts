/** Delivery statuses, placed by their message's id alone; by the reference that our send carried until that is known. */
import type { StatusUpdate, Update } from "#core/clients/whatsapp/update.ts";
import { decideReceive, type Inbound } from "#core/domain/receive.ts";
import type { Template } from "#core/domain/templates.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { parseSendRef } from "#core/events/stream.ts";
import { handle, type HandleDeps } from "#core/store/handle.ts";
import type { Identities } from "#core/store/identities.ts";
import { applyRemedy, type RemedyDeps } from "#functions/shared/send-pace.ts";
import { keepUnmatched, readKept } from "./unmatched-statuses.ts";

type Deps = HandleDeps & RemedyDeps & { identities: Identities; templates: readonly Template[] };
type Status = StatusUpdate & Pick<Update, "field" | "businessAccountId">;
type Placed = { status: Status; inbound: Inbound; stream?: string | undefined };

/** Those of one conversation are one decision: Meta sends many at once when a customer opens the chat. */
export const receiveStatuses = async (
  deps: Deps,
  statuses: readonly Status[],
  recipient: (status: Status) => Promise<string | undefined>,
): Promise<void> => {
  const placed = await Promise.all(statuses.map((status) => find(deps, status)));
  const byStream = Map.groupBy(placed, ({ stream }) => stream);
  await Promise.all([...byStream].map(([stream, group]) => receive(deps, stream, group, recipient)));
};

const find = async ({ identities }: Deps, status: Status): Promise<Placed> => {
  const { event, wamid } = status;
  const ref = parseSendRef(event.data.sendId ?? "");
  const stream = (await identities.streamOfMessage(event.data.messageId)) ?? ref?.stream;
  return {
    status,
    stream,
    inbound: { event: withSend(event, ref?.stream === stream ? ref?.sendId : undefined), wamid },
  };
};

const receive = async (
  deps: Deps,
  stream: string | undefined,
  group: readonly Placed[],
  recipient: (status: Status) => Promise<string | undefined>,
): Promise<void> => {
  if (
    stream !== undefined &&
    (await decide(
      deps,
      stream,
      group.map(({ inbound }) => inbound),
    ))
  )
    return;
  for (const { status, inbound } of group) await keep(deps, status, inbound, await recipient(status));
};

/** False when there is no such conversation. What a failure asks for besides is done once, with the fact. */
const decide = async (deps: Deps, stream: string, inbound: readonly Inbound[]): Promise<boolean> => {
  const fallback = { templates: deps.templates, newSendId: deps.newId() };
  const at = deps.clock().toISOString();
  const { events, rejected } = await handle(deps, stream, (state) =>
    decideReceive(state, { at, contact: {}, inbound, fallback }),
  );
  for (const event of events) {
    const remedy = event.type === "DeliveryStatusReceived" ? event.data.remedy : undefined;
    if (remedy) await applyRemedy(deps, stream, remedy, 0);
  }
  return rejected === undefined;
};

const keep = async (
  deps: Deps,
  status: Status,
  { event }: Inbound,
  contactId: string | undefined,
): Promise<void> => {
  if (event.type !== "DeliveryStatusReceived") return;
  const { wamid, field, businessAccountId } = status;
  const { messageId } = event.data;
  await keepUnmatched(deps, { event, wamid, field, businessAccountId, ...(contactId && { contactId }) });
  deps.log("warn", "status of an unknown message", { reason: "unmatched-status" });
  const meanwhile = await deps.identities.streamOfMessage(messageId);
  if (meanwhile) await adoptStatuses(deps, meanwhile, messageId);
};

/** Moves what was kept for this message into its conversation, with all that follows from it. Repeatable. */
export const adoptStatuses = async (deps: Deps, stream: string, messageId: string): Promise<void> => {
  const { statuses } = await readKept(deps, messageId);
  if (statuses.length > 0) await decide(deps, stream, statuses);
};

const withSend = (
  event: EventOf<"DeliveryStatusReceived">,
  sendId: string | undefined,
): EventOf<"DeliveryStatusReceived"> => {
  const { sendId: _, ...data } = event.data;
  return { ...event, data: { ...data, ...(sendId && { sendId }) } };
};
