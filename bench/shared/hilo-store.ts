/** Hilo's event store as its compositions make it, over whichever log. */
import { randomBytes } from "node:crypto";
import { localKeys } from "../../packages/core/clients/local-keys.ts";
import { codec, type CodecOptions } from "../../packages/core/store/codec.ts";
import type { Commit, CommitLog } from "../../packages/core/store/commit-log.ts";
import { eventStore, type EventStore } from "../../packages/core/store/event-store.ts";
import type { HandleDeps } from "../../packages/core/store/handle.ts";
import { openSqlite } from "../../packages/core/store/sqlite.ts";
import { contactIdOf, decidedAt, eventsOf, eventsPerDecision, streamOf } from "./history.ts";

type HiloStoreOptions = CodecOptions & { peopleFile?: string; masterKey?: Uint8Array };

/** As `packages/local` has it for its files. */
export const onDisk: CodecOptions = { compressFrom: 16_384 };

/** With a data key per person, wrapped by a master key, as on one machine. */
export const hiloStore = (
  log: CommitLog,
  { peopleFile = ":memory:", masterKey = randomBytes(32), ...options }: HiloStoreOptions = {},
): EventStore =>
  eventStore(
    log,
    codec(localKeys({ db: openSqlite(peopleFile, { durability: "full" }), masterKey }), options),
  );

export const appendDecision = async (
  store: EventStore,
  conversation: number,
  decision: number,
  events = eventsOf(conversation, decision),
  expectedVersion = decision * eventsPerDecision,
): Promise<void> => {
  const appended = await store.append({
    stream: streamOf(conversation),
    subject: contactIdOf(conversation),
    expectedVersion,
    events,
    commitId: `commit-${conversation}-${decision}`,
    at: decidedAt(decision),
  });
  if (!appended) throw new Error(`decision ${decision} of conversation ${conversation} was not appended`);
};

/** What `handle` needs besides: a real clock, and sleep that sleeps. */
export const handleDeps = (store: EventStore): HandleDeps => {
  let ids = 0;
  return {
    store,
    clock: () => new Date(),
    newId: () => `id-${process.pid}-${++ids}`,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
};

/** A decision as the log keeps it, for whoever writes many at once. */
export const commitOf = async (
  { codec: { encode } }: EventStore,
  conversation: number,
  decision: number,
): Promise<Commit> => {
  const events = eventsOf(conversation, decision);
  const position = {
    stream: streamOf(conversation),
    subject: contactIdOf(conversation),
    version: decision * eventsPerDecision + 1,
    commitId: `commit-${conversation}-${decision}`,
    at: decidedAt(decision),
  };
  return { ...position, count: events.length, body: await encode(events, position) };
};
