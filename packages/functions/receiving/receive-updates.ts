/** Puts each update of a webhook where it belongs. A bad one never loses its neighbours (F5). */
import type { Pseudonyms } from "#core/clients/pseudonyms.ts";
import type { Sender, Update } from "#core/clients/whatsapp/update.ts";
import { decideReceive, reusedIds, type Inbound } from "#core/domain/receive.ts";
import { conversationStream, parseConversationStream } from "#core/events/stream.ts";
import type { UpdateEvent } from "#core/events/update.ts";
import { Unstorable } from "#core/store/unstorable.ts";
import { handle, type Handled, type HandleDeps } from "#core/store/handle.ts";
import type { Contact, Identities } from "#core/store/identities.ts";
import { aliasesOf } from "#functions/shared/aliases-of.ts";
import { absorbConversations } from "./absorb-conversations.ts";
import type { Template } from "#core/domain/templates.ts";
import type { RemedyDeps } from "#functions/shared/send-pace.ts";
import { receiveStatuses } from "./receive-statuses.ts";
import { setAside } from "./set-aside.ts";

export type ReceiveDeps = HandleDeps &
  RemedyDeps & {
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
  const statuses = updates.filter((update) => update.kind === "status" && !isForeign(deps, update));
  const groups = Map.groupBy(
    updates.filter((update) => !statuses.includes(update)),
    groupOf,
  );
  await Promise.all([...groups.values()].map((group) => receiveGroup(deps, group)));
  // after the messages: statuses of one stream go together, in one commit
  await receiveStatuses(deps, statuses.filter(isStatus), (status) => contactIdOf(deps, status.recipient));
};

/** Updates of one group go to one stream, in one commit. */
const groupOf = (update: Update): unknown => {
  if (update.kind !== "message" || update.previous) return update;
  const { phone, userId, parentUserId } = update.sender;
  return JSON.stringify([update.phoneNumberId, phone, userId, parentUserId]);
};

/** What can't be stored together is stored in halves, one after the other, down to the one that is at fault. */
const receiveGroup = async (deps: ReceiveDeps, group: readonly Update[]): Promise<void> => {
  try {
    await place(deps, group);
  } catch (error) {
    if (!(error instanceof Unstorable)) throw error;
    const [first, ...more] = group;
    if (first && more.length === 0) return quarantine(deps, first, "malformed");
    const half = Math.ceil(group.length / 2);
    await receiveGroup(deps, group.slice(0, half));
    await receiveGroup(deps, group.slice(half));
  }
};

const place = async (deps: ReceiveDeps, group: readonly Update[]): Promise<void> => {
  const [first] = group;
  if (!first) return;
  if (isForeign(deps, first))
    await Promise.all(group.map((update) => quarantine(deps, update, "foreign-number")));
  else if (first.kind === "message") await receiveMessages(deps, first, group.filter(isMessage));
  else if (first.kind === "account") await keepAccountUpdate(deps, first);
  else await quarantine(deps, first, "malformed");
};

const isStatus = (update: Update): update is Extract<Update, { kind: "status" }> => update.kind === "status";

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
    if (!parseConversationStream(stream)) throw new Unstorable("an update for no number of ours");
    const inbound = await ofNobodyErased(deps, stream, inOrder(updates));
    if (!contact.phoneNumberIds.includes(phoneNumberId) && inbound.length > 0)
      await deps.identities.placeContact(contactId, phoneNumberId);
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

/** Leaves out what is a person's since erased, and repeated: its id is known in another stream. */
const ofNobodyErased = async (
  { identities }: ReceiveDeps,
  stream: string,
  updates: readonly MessageUpdate[],
): Promise<Inbound[]> => {
  const inbound = updates.map(({ event }): Inbound => ({ event }));
  const places = await Promise.all(
    inbound.map(({ event }) => identities.streamOfMessage(event.data.messageId ?? "")),
  );
  return inbound.filter((_, index) => places[index] === undefined || places[index] === stream);
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
  const aliases = [sender, ...(previous ? [previous] : [])].flatMap((names) =>
    aliasesOf(deps.pseudonyms, names),
  );
  return deps.identities.resolve(aliases, deps.newId(), { linked: linked ?? false });
};

const contactIdOf = async (deps: ReceiveDeps, sender: Sender | undefined): Promise<string | undefined> => {
  const aliases = sender ? aliasesOf(deps.pseudonyms, sender) : [];
  return aliases.length > 0 ? (await deps.identities.resolve(aliases, deps.newId())).contactId : undefined;
};

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
  const raw = cut("raw" in update ? update.raw : JSON.stringify(update.event));
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

/** Room for it in one commit, whatever the characters (three bytes in UTF-8 and four in base64 for each three). */
const rawCharactersMax = 90_000;

const cut = (raw: string): string =>
  raw.length > rawCharactersMax ? `${raw.slice(0, rawCharactersMax)}…` : raw;
