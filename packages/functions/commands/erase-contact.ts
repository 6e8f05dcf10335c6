/** Erases a person (D12): the fact is recorded, the aliases, the key and the files are destroyed, the views are cleared. */
import type { Keys } from "#core/clients/keys.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import { decideErase } from "#core/domain/ownership.ts";
import { conversationsOf } from "#core/store/conversations.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import type { Identities } from "#core/store/identities.ts";
import { project } from "#core/store/project.ts";
import type { Media } from "#core/store/sealed-media.ts";
import type { ViewStore } from "#core/store/view-store.ts";
import type { View } from "#core/views/view.ts";

export type EraseContactDeps = HandleDeps & {
  identities: Identities;
  keys: Keys;
  viewStore: ViewStore;
  media: Pick<Media, "deleteOf">;
  views: readonly View<unknown>[];
};

export type Erased = { contactIds: string[]; streams: string[] };

/** The versions of a person's conversations when it was decided to erase them. */
export type Versions = ReadonlyMap<string, number>;

/**
 * Undefined for a contact that never was, and for one who has written since `looked`, if that is given: then their
 * words stay and are answered. Safe to repeat, also after a crash half-way.
 */
export const eraseContact = async (
  deps: EraseContactDeps,
  contactId: string,
  looked?: Versions,
): Promise<Erased | undefined> => {
  const contact = await deps.identities.get(contactId);
  if (!contact) return undefined;
  const contactIds = [contact.contactId, ...contact.absorbed];
  for (const stream of await conversationsOf(deps.store.log, contact))
    await rememberIds(deps, stream, (await load(deps.store, stream)).state);
  if (looked && !(await areUnchanged(deps, contactId, looked))) return undefined;
  // from here on, who writes under these aliases is somebody new
  await deps.identities.forget(contactId);
  // what came in before that still counts, in a conversation that may be new
  if (looked && !(await areUnchanged(deps, contactId, looked))) return undefined;
  const streams = await streamsOf(deps, contactId);
  for (const stream of streams) {
    const { state } = await handle(deps, stream, (now) =>
      decideErase(now, looked && (looked.get(stream) ?? 0)),
    );
    if (!state.erased) return undefined;
    await rememberIds(deps, stream, state);
  }
  for (const id of contactIds) await deps.keys.destroy(id);
  for (const id of contactIds) await deps.media.deleteOf(id);
  for (const stream of streams) await clearViews(deps, stream);
  return { contactIds, streams };
};

const streamsOf = async ({ identities, store }: EraseContactDeps, contactId: string): Promise<string[]> => {
  const contact = await identities.get(contactId);
  return contact ? conversationsOf(store.log, contact) : [];
};

const areUnchanged = async (
  deps: EraseContactDeps,
  contactId: string,
  looked: Versions,
): Promise<boolean> => {
  const streams = await streamsOf(deps, contactId);
  const loaded = await Promise.all(streams.map((stream) => load(deps.store, stream)));
  return loaded.every(
    ({ state }, index) => state.erased || state.version === looked.get(streams[index] ?? ""),
  );
};

/** The inbound ids stay known, as hashes: a redelivery is still a redelivery under the person's next contact. */
const rememberIds = async (
  { identities }: EraseContactDeps,
  stream: string,
  { seen }: Conversation,
): Promise<void> => {
  for (const id of Object.keys(seen)) await identities.placeMessage(id, stream);
};

const clearViews = async (deps: EraseContactDeps, stream: string): Promise<void> => {
  await deps.store.log.deleteSnapshot(stream);
  for (const view of deps.views) await project({ store: deps.store, views: deps.viewStore }, view, stream);
};
