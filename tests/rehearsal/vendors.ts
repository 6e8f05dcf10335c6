/** The services that Hilo runs on, in memory, with the weaknesses that their vendors own up to. */
import { memoryCache } from "#core/clients/memory-cache.ts";
import { memoryCircuits } from "#core/testing/memory-circuits.ts";
import { memoryIdentities } from "#core/testing/memory-identities.ts";
import { memoryMediaStore } from "#core/testing/memory-media-store.ts";
import { memoryPacing } from "#core/testing/memory-pacing.ts";
import { memoryQueues } from "#core/testing/memory-queues.ts";
import { memoryTally } from "#core/testing/memory-tally.ts";
import { memoryViewStore } from "#core/testing/memory-view-store.ts";
import { pseudonyms } from "#core/clients/pseudonyms.ts";
import type { Upcasters } from "#core/events/catalogue.ts";
import type { Keys } from "#core/clients/keys.ts";
import type { RecordedEvent } from "#core/events/envelope.ts";
import { codec, type Codec } from "#core/store/codec.ts";
import type { Commit, CommitLog } from "#core/store/commit-log.ts";
import { memoryCommitLog } from "#core/store/memory-commit-log.ts";
import type { ViewStore } from "#core/store/view-store.ts";
import { cheapKeys } from "./cheap-keys.ts";
import { startMs, type Sim } from "./kernel.ts";
import { ledger } from "./ledger.ts";

/** A deployment that writes these events in a newer version, which the one before can't read. */
const newer: Upcasters = {
  ReplyStarted: { 1: (data) => data },
  MessageSent: { 1: (data) => data },
  DeliveryStatusReceived: { 1: (data) => data },
};

export type Vendors = ReturnType<typeof vendors>;

/** `published` is told of each commit, as the store's change stream is. */
export const vendors = (sim: Sim, published: (commit: Commit) => void) => {
  const ids = pseudonyms(Buffer.alloc(32, 7));
  const keys = cheapKeys(sim.plan.seed);
  const before = remembering(codec(keys), keys);
  const codecs = {
    before,
    after: sim.plan.deploy ? remembering(codec(keys, { casts: newer }), keys) : before,
  };
  const truth = ledger(sim, ids);
  const files = new Map<string, Uint8Array>();
  return {
    ledger: truth,
    pseudonyms: ids,
    keys,
    codecs,
    log: observedLog(memoryCommitLog(), (commit) => {
      truth.appended(commit, before);
      published(commit);
    }),
    views: observedViews(memoryViewStore(), truth.projected),
    identities: memoryIdentities(),
    queues: memoryQueues(sim.nowMs),
    pacing: memoryPacing(),
    circuits: memoryCircuits(),
    tally: memoryTally(sim.nowMs),
    // nothing in it is ever over: what it holds may be of any age
    cache: memoryCache({ clock: () => new Date(startMs) }),
    files,
    media: memoryMediaStore(files),
  };
};

/** The same commit is read over and over, and never changes: it is decoded once, as long as there is its key. */
const remembering = (codec: Codec, keys: Keys): Codec => {
  const decoded = new WeakMap<Commit, RecordedEvent[]>();
  const decode = async (commit: Commit): Promise<RecordedEvent[]> => {
    if ((await keys.sealer(commit.subject)) === undefined) return codec.decode(commit);
    const events = decoded.get(commit) ?? (await codec.decode(commit));
    decoded.set(commit, events);
    return events;
  };
  return {
    ...codec,
    decode,
    decodeAll: async (commits) => (await Promise.all(commits.map(decode))).flat(),
  };
};

const observedLog = (log: CommitLog, appended: (commit: Commit) => void): CommitLog => {
  const known = new Set<string>();
  return {
    ...log,
    async append(commit) {
      const stored = await log.append(commit);
      const id = `${commit.stream}@${commit.version}`;
      if (stored && !known.has(id)) {
        known.add(id);
        appended(commit);
      }
      return stored;
    },
  };
};

const observedViews = (
  views: ViewStore,
  projected: (view: string, stream: string, version: number) => void,
): ViewStore => ({
  ...views,
  async write(view, change) {
    const written = await views.write(view, change);
    if (written) projected(view, change.stream, change.version);
    return written;
  },
});
