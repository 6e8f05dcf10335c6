/** The stores, whole and in memory, for tests of what reads and writes them. */
import type { Keys } from "../clients/keys.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import { parseConversationStream } from "../events/stream.ts";
import { codec } from "../store/codec.ts";
import { eventStore, type EventStore } from "../store/event-store.ts";
import { memoryCommitLog } from "../store/memory-commit-log.ts";
import { project } from "../store/project.ts";
import { sealedMedia, type Media } from "../store/sealed-media.ts";
import { openSqlite } from "../store/sqlite.ts";
import { sqliteViewStore } from "../store/sqlite-view-store.ts";
import type { ViewStore } from "../store/view-store.ts";
import { views } from "../views/all.ts";
import { after } from "./given.ts";
import { memoryMediaStore } from "./memory-media-store.ts";
import { memoryKeys } from "./memory-keys.ts";

export type MemoryHilo = {
  store: EventStore;
  views: ViewStore;
  keys: Keys;
  /** In memory as well: sealed, by key. */
  files: Map<string, Uint8Array>;
  media: Media;
  /** Appends events as one commit, a second after the one before (the first at noon), and projects nothing. */
  record(stream: string, ...events: ConversationEvent[]): Promise<void>;
  /** Brings every view of these conversations up to date. */
  project(...streams: string[]): Promise<void>;
};

export const memoryHilo = (): MemoryHilo => {
  const keys = memoryKeys();
  const files = new Map<string, Uint8Array>();
  const store = eventStore(memoryCommitLog(), codec(keys));
  const viewStore = sqliteViewStore(openSqlite(":memory:", { durability: "normal" }));
  let commits = 0;

  return {
    store,
    views: viewStore,
    keys,
    files,
    media: sealedMedia(memoryMediaStore(files), keys),

    async record(stream, ...events) {
      const subject = parseConversationStream(stream)?.contactId ?? stream;
      const at = after(1_000 * commits++);
      const expectedVersion = await store.log.head(stream);
      await store.append({ stream, subject, expectedVersion, events, at, commitId: `commit-${commits}` });
    },

    async project(...streams) {
      for (const stream of streams)
        for (const view of views) await project({ store, views: viewStore }, view, stream);
    },
  };
};
