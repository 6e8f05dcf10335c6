/** Puts each update of a webhook where it belongs. A bad one never loses its neighbours (F5). */
import { ZodError } from "zod";
import type { Pseudonyms } from "#core/clients/pseudonyms.ts";
import type { Sender, Update } from "#core/clients/whatsapp/update.ts";
import { decideReceive, reusedIds, type Inbound } from "#core/domain/receive.ts";
import { conversationStream, parseConversationStream } from "#core/events/stream.ts";
import type { UpdateEvent } from "#core/events/update.ts";
import { TooLarge } from "#core/store/codec.ts";
import { handle, type Handled, type HandleDeps } from "#core/store/handle.ts";
import type { Alias, Contact, Identities } from "#core/store/identities.ts";
import { absorbConversations } from "./absorb-conversations.ts";
import type { Template } from "#core/domain/templates.ts";
import type { PaceDeps } from "./send-pace.ts";
import { receiveStatus } from "./receive-status.ts";
import { setAside } from "./set-aside.ts";

export type ReceiveDeps = HandleDeps &
  PaceDeps & {
    identities: Identities;
    pseudonyms: Pseudonyms;
    /** Numbers that are ours; empty means any. */
    phoneNumberIds: readonly string[];
    /** A human who has done nothing for this long has let go of the conversation. */
    handBackMs: number;
    /** What may be sent in place of what the closed service window refuses. */
    templates: readonly Template[];
  };

type MessageUpdate = Extract<Update, { kind: "message" }>;
type Reason = Extract<UpdateEvent, { type: "UpdateQuarantined" }>["data"]["reason"];

/** Resolves when everything is stored durably. Throws when the store can't; then all of it may come again. */
export const receiveUpdates = async (deps: ReceiveDeps, updates: readonly Update[]): Promise<void> => {
  const groups = Map.groupBy(updates, groupOf);
  await Promise.all([...groups.values()].map((group) => receiveGroup(deps, group)));
};

/** Updates of one group go to one stream, in one commit. */
const groupOf = (update: Update): unknown => {
  if (update.kind !== "message" || update.previous) return update;
  const { phone, userId, parentUserId } = update.sender;
  return JSON.stringify([update.phoneNumberId, phone, userId, parentUserId]);
};

const receiveGroup = async (deps: ReceiveDeps, group: readonly Update[]): Promise<void> => {
  try {
    await place(deps, group);
  } catch (error) {
    if (!isFaultOfTheData(error)) throw error;
    if (group.length > 1) await Promise.all(group.map((update) => receiveGroup(deps, [update])));
    else await Promise.all(group.map((update) => quarantine(deps, update, "malformed")));
  }
};

/** These say that an update can't be stored as it is; anything else, that the store can't just now. */
const isFaultOfTheData = (error: unknown): boolean =>
  error instanceof ZodError || error instanceof TooLarge || error instanceof TypeError;

const place = async (deps: ReceiveDeps, group: readonly Update[]): Promise<void> => {
  const [first] = group;
  if (!first) return;
  if (isForeign(deps, first))
    await Promise.all(group.map((update) => quarantine(deps, update, "foreign-number")));
  else if (first.kind === "message") await receiveMessages(deps, first, group.filter(isMessage));
  else if (first.kind === "status")
    await receiveStatus(deps, first, () => contactIdOf(deps, first.recipient));
  else if (first.kind === "account") await keepAccountUpdate(deps, first);
  else await quarantine(deps, first, "malformed");
};

const isMessage = (update: Update): update is MessageUpdate => update.kind === "message";

const isForeign = ({ phoneNumberIds }: ReceiveDeps, { phoneNumberId }: Update): boolean =>
  phoneNumberId !== "" && phoneNumberIds.length > 0 && !phoneNumberIds.includes(phoneNumberId);

const receiveMessages = async (
  deps: ReceiveDeps,
  first: MessageUpdate,
  updates: readonly MessageUpdate[],
): Promise<void> => {
  const { businessAccountId, phoneNumberId, sender } = first;
  const receive = async (attempt: number): Promise<Received> => {
    const contact = await contactOf(deps, first);
    const { contactId, absorbed } = contact;
    const stream = conversationStream(contactId, phoneNumberId);
    if (!parseConversationStream(stream)) throw new TypeError("an update for no number of ours");
    const inbound = await firstOf(deps, contact, phoneNumberId, inOrder(updates));
    const place = { contactId, phoneNumberId, businessAccountId };
    await absorbConversations(deps, stream, place, absorbed);
    const at = deps.clock().toISOString();
    const handled = await handle(deps, stream, (state) =>
      decideReceive(state, { at, place, contact: details(sender), inbound, handBackMs: deps.handBackMs }),
    );
    // the contact was merged into another between the look-up and now
    return handled.rejected && attempt < 3 ? receive(attempt + 1) : { ...handled, inbound };
  };
  const { state, inbound, rejected } = await receive(1);
  if (rejected) throw new Error(`message not received: ${rejected}`);
  const reused = new Set(reusedIds(state, inbound).map(({ event }) => event));
  await Promise.all(
    updates.filter(({ event }) => reused.has(event)).map((update) => quarantine(deps, update, "id-reused")),
  );
};

type Received = Handled & { inbound: readonly Inbound[] };

/** Before a contact's first message to a number: makes sure that it is not one of a person since erased, repeated. */
const firstOf = async (
  { identities }: ReceiveDeps,
  { contactId, phoneNumberIds }: Contact,
  phoneNumberId: string,
  updates: readonly MessageUpdate[],
): Promise<Inbound[]> => {
  const inbound = updates.map(({ event }): Inbound => ({ event }));
  if (phoneNumberIds.includes(phoneNumberId)) return inbound;
  const placed = await Promise.all(
    inbound.map(({ event }) => identities.streamOfMessage(event.data.messageId ?? "")),
  );
  const fresh = inbound.filter((_, index) => placed[index] === undefined);
  if (fresh.length > 0) await identities.placeContact(contactId, phoneNumberId);
  return fresh;
};

/** By WhatsApp's clock where it is told, else as they came. */
const inOrder = (updates: readonly MessageUpdate[]): MessageUpdate[] => {
  let sentAt = "";
  const timed = updates.map((update) => {
    if ("sentAt" in update.event.data) sentAt = update.event.data.sentAt;
    return { update, sentAt };
  });
  return timed
    .toSorted((a, b) => (a.sentAt < b.sentAt ? -1 : a.sentAt > b.sentAt ? 1 : 0))
    .map(({ update }) => update);
};

const contactOf = async (
  deps: ReceiveDeps,
  { sender, previous, linked }: MessageUpdate,
): Promise<Contact> => {
  const aliases = [...aliasesOf(deps, sender), ...(previous ? aliasesOf(deps, previous) : [])];
  return deps.identities.resolve(aliases, deps.newId(), { linked: linked ?? false });
};

const contactIdOf = async (deps: ReceiveDeps, sender: Sender | undefined): Promise<string | undefined> => {
  const aliases = sender ? aliasesOf(deps, sender) : [];
  return aliases.length > 0 ? (await deps.identities.resolve(aliases, deps.newId())).contactId : undefined;
};

const aliasesOf = ({ pseudonyms }: ReceiveDeps, { phone, userId, parentUserId }: Sender): Alias[] => [
  ...(phone ? [{ kind: "phone" as const, hash: pseudonyms.alias("phone", phone) }] : []),
  ...[userId, parentUserId].flatMap((id) =>
    id ? [{ kind: "user-id" as const, hash: pseudonyms.alias("user-id", id) }] : [],
  ),
];

const details = ({ phone, userId, parentUserId, name, username }: Sender) => ({
  ...(phone && { phone }),
  ...(userId && { userId }),
  ...(parentUserId && { parentUserId }),
  ...(name && { name }),
  ...(username && { username }),
});

const keepAccountUpdate = async (
  deps: ReceiveDeps,
  update: Extract<Update, { kind: "account" }>,
): Promise<void> => {
  const { field, businessAccountId, raw, digest, sender } = update;
  const event: UpdateEvent = { type: "AccountUpdateReceived", data: { field, businessAccountId, raw } };
  await setAside(deps, { id: digest, event, contactId: await contactIdOf(deps, sender) });
};

const quarantine = async (deps: ReceiveDeps, update: Update, reason: Reason): Promise<void> => {
  const { field, businessAccountId } = update;
  const raw = "raw" in update ? update.raw : JSON.stringify(update.event);
  const id = "digest" in update ? update.digest : update.event.data.digest;
  const sender = update.kind === "status" ? update.recipient : update.sender;
  const event: UpdateEvent = { type: "UpdateQuarantined", data: { reason, field, businessAccountId, raw } };
  await setAside(deps, {
    id: `${reason}-${id ?? deps.pseudonyms.digest(raw)}`,
    event,
    contactId: await contactIdOf(deps, sender),
  });
  deps.log("warn", "update quarantined", { reason });
};
