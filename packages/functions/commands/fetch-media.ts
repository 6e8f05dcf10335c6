/** Fetches the file that came with a message, while WhatsApp still has it, and keeps it sealed. */
import type { MediaSource } from "#core/clients/whatsapp/media.ts";
import { awaitsFile, decideMedia } from "#core/domain/media.ts";
import type { MediaReference } from "#core/events/content.ts";
import type { EventOf } from "#core/events/conversation.ts";
import { parseConversationStream } from "#core/events/stream.ts";
import { handle, load, type HandleDeps } from "#core/store/handle.ts";
import type { Media } from "#core/store/sealed-media.ts";
import { eachEvent, type EachEventDeps, NotYet, type QueueHandler } from "#functions/shared/each-event.ts";

export type FetchMediaDeps = HandleDeps & EachEventDeps & { files: MediaSource; media: Media };

/** For so long WhatsApp has a file under the id of a webhook (Cloud API, "Media"). */
export const availableMs = 7 * 24 * 3_600_000;
/** Tries are twice as far apart each time, so that an outage is not answered with a flood. */
const againMs = { least: 5_000, most: 15 * 60_000 };

export const fetchMedia = (deps: FetchMediaDeps): QueueHandler =>
  eachEvent(deps, async ({ detail }) => {
    const { stream, version, id: causationId, at } = detail;
    const place = parseConversationStream(stream);
    if (!place) return;
    const messageId = String(detail.data["messageId"]);
    const { state } = await load(deps.store, stream);
    // whoever was erased while a file was on its way must have none left
    if (state.erased) return deps.media.delete(place.contactId, messageId);
    if (!awaitsFile(state, messageId)) return;
    const reference = await referenceIn(deps, stream, version);
    if (!reference) return;
    const outcome = await keep(deps, place.contactId, messageId, reference, at);
    if (!outcome) return;
    const { rejected } = await handle(deps, stream, (now) => decideMedia(now, outcome), causationId);
    if (rejected) await deps.media.delete(place.contactId, messageId);
  });

/** The message's own event has it whole: on the bus, what is personal in it is sealed. */
const referenceIn = async (
  { store }: FetchMediaDeps,
  stream: string,
  version: number,
): Promise<MediaReference | undefined> => {
  for await (const events of store.read(stream, { from: version, to: version }))
    for (const { type, data } of events)
      if (type === "MessageReceived" && "media" in data.content) return data.content.media;
  return undefined;
};

/** Undefined when the contact was erased meanwhile. Throws `NotYet` when the file may be had later. */
const keep = async (
  { files, media, clock }: FetchMediaDeps,
  contactId: string,
  messageId: string,
  reference: MediaReference,
  at: string,
): Promise<EventOf<"MediaStored" | "MediaUnavailable"> | undefined> => {
  const file = await files.download(reference);
  if ("unavailable" in file)
    return { type: "MediaUnavailable", data: { messageId, reason: file.unavailable } };
  if ("later" in file) {
    const ageMs = clock().getTime() - Date.parse(at);
    if (ageMs < availableMs) throw new NotYet(file.later, waitMs(ageMs));
    return { type: "MediaUnavailable", data: { messageId, reason: "expired" } };
  }
  const mimeType = file.mimeType ?? reference.mimeType;
  const stored = await media.put(contactId, messageId, file.bytes);
  if (stored === undefined) return undefined;
  return {
    type: "MediaStored",
    data: {
      messageId,
      mediaKey: stored,
      ...(mimeType !== undefined && { mimeType }),
      sizeBytes: file.bytes.length,
    },
  };
};

const waitMs = (ageMs: number): number => Math.min(againMs.most, Math.max(againMs.least, ageMs));
