/** Erases a person (D12): the fact is recorded, the aliases, the key and the files are destroyed, the views are cleared. */
import type { Keys } from "#core/clients/keys.ts";
import type { Conversation } from "#core/domain/conversation.ts";
import { seenIds } from "#core/domain/seen.ts";
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

/** Undefined for a contact that never was. Safe to repeat, also after a crash half-way. */
export const eraseContact = async (
  deps: EraseContactDeps,
  contactId: string,
): Promise<Erased | undefined> => {
  const contact = await deps.identities.get(contactId);
  if (!contact) return undefined;
  const contactIds = [contact.contactId, ...contact.absorbed];
  const streams = await conversationsOf(deps.store.log, contact);
  for (const stream of streams) await rememberIds(deps, stream, (await load(deps.store, stream)).state);
  // from here on, who writes under these aliases is somebody new
  await deps.identities.forget(contactId);
  for (const stream of streams)
    await rememberIds(deps, stream, (await handle(deps, stream, decideErase)).state);
  for (const id of contactIds) await deps.keys.destroy(id);
  for (const id of contactIds) await deps.media.deleteOf(id);
  for (const stream of streams) await clearViews(deps, stream);
  return { contactIds, streams };
};

/** The inbound ids stay known, as hashes: a redelivery is still a redelivery under the person's next contact. */
const rememberIds = async (
  { identities }: EraseContactDeps,
  stream: string,
  { seen }: Conversation,
): Promise<void> => {
  for (const id of Object.keys(seenIds(seen))) await identities.placeMessage(id, stream);
};

const clearViews = async (deps: EraseContactDeps, stream: string): Promise<void> => {
  await deps.store.log.deleteSnapshot(stream);
  for (const view of deps.views) await project({ store: deps.store, views: deps.viewStore }, view, stream);
};
