/** Everything that Hilo keeps on this machine. The server and the CLI may have the same files open at once. */
import { join } from "node:path";
import { fileMediaStore } from "#core/clients/file-media-store.ts";
import { ulids } from "#core/clients/ids.ts";
import { localKeys, masterKey } from "#core/clients/local-keys.ts";
import { deriveSecret } from "#core/clients/derive-secret.ts";
import { sqliteNotifier } from "#core/store/sqlite-notifier.ts";
import { derivePseudonymSecret, pseudonyms } from "#core/clients/pseudonyms.ts";
import { codec } from "#core/store/codec.ts";
import type { CommitLog } from "#core/store/commit-log.ts";
import { eventStore } from "#core/store/event-store.ts";
import { groupedWork } from "#core/store/group-commit.ts";
import { sealedMedia } from "#core/store/sealed-media.ts";
import { openSqlite } from "#core/store/sqlite.ts";
import { sqliteCommitLog } from "#core/store/sqlite-commit-log.ts";
import { sqliteIdentities } from "#core/store/sqlite-identities.ts";
import { sqliteCircuits } from "#core/store/sqlite-circuits.ts";
import { sqlitePacing } from "#core/store/sqlite-pacing.ts";
import { sqliteQueues } from "#core/store/sqlite-queues.ts";
import { sqliteTally } from "#core/store/sqlite-tally.ts";
import { sqliteViewStore } from "#core/store/sqlite-view-store.ts";
import { delay, sleep } from "#functions/shared/timers.ts";

/** A disk is cheaper than the time that compressing small bodies takes. */
const compressFrom = 16_384;

export type Stores = ReturnType<typeof openStores>;

/** `appended` is told of each commit of this process. Events, identities and keys survive a power cut; views and queues can be made again from them. */
export const openStores = (dataDir: string, appended: () => void = () => {}) => {
  const file = (name: string) => join(dataDir, name);
  const events = openSqlite(file("events.db"), { durability: "full" });
  const people = openSqlite(file("people.db"), { durability: "full" });
  const work = openSqlite(file("work.db"), { durability: "normal" });
  const master = masterKey(file("master.key"));
  const clock = () => new Date();
  const keys = localKeys({ db: people, masterKey: master, grouped: groupedWork(people) });
  return {
    store: eventStore(noticing(sqliteCommitLog(events), appended), codec(keys, { compressFrom })),
    identities: sqliteIdentities(people),
    keys,
    media: sealedMedia(fileMediaStore(file("media")), keys),
    inbox: sqliteNotifier(work, clock),
    /** A secret of this installation for one purpose. */
    secret: (purpose: string) => deriveSecret(master, purpose),
    pseudonyms: pseudonyms(derivePseudonymSecret(master)),
    views: sqliteViewStore(work),
    queues: sqliteQueues(work, Date.now),
    pacing: sqlitePacing(work),
    circuitStore: sqliteCircuits(work),
    tally: sqliteTally(work, Date.now),
    clock,
    newId: ulids(clock),
    random: Math.random,
    sleep,
    delay,
    close() {
      for (const database of [events, people, work]) database.close();
    },
  };
};

const noticing = (log: CommitLog, appended: () => void): CommitLog => ({
  ...log,
  async append(commit) {
    const stored = await log.append(commit);
    if (stored) appended();
    return stored;
  },
});
