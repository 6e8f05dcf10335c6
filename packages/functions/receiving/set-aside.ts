/** Keeps what belongs to no conversation, each in a stream of its own that holds it once. */
import { BUSINESS } from "#core/clients/keys.ts";
import type { UpdateEvent } from "#core/events/update.ts";
import type { HandleDeps } from "#core/store/handle.ts";

export type Aside = {
  /** Names the stream: repeat it, and nothing more is kept. */
  id: string;
  event: UpdateEvent;
  /** The contact it speaks of, where that is known: erasing them erases it. */
  contactId?: string | undefined;
};

export const setAside = async (deps: HandleDeps, { id, event, contactId }: Aside): Promise<void> => {
  await deps.store.append({
    stream: `update-${id}`,
    expectedVersion: 0,
    events: [event],
    subject: contactId ?? BUSINESS,
    commitId: deps.newId(),
    at: deps.clock().toISOString(),
  });
};
