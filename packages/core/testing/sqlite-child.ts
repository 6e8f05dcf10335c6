/** Jobs for tests that need several processes on one file: `node sqlite-child.ts JOB PATH [ARG …]`. */
import { writeSync } from "node:fs";
import { sqliteCommitLog } from "../store/sqlite-commit-log.ts";
import { localKeys, masterKey } from "../clients/local-keys.ts";
import type { Alias } from "../store/identities.ts";
import { openSqlite } from "../store/sqlite.ts";
import { sqliteCircuits } from "../store/sqlite-circuits.ts";
import { sqliteIdentities } from "../store/sqlite-identities.ts";
import { sqlitePacing } from "../store/sqlite-pacing.ts";
import { sqliteQueues } from "../store/sqlite-queues.ts";
import { aCommit } from "./commits.ts";

const [job = "", path = "", ...args] = process.argv.slice(2);

/** Written before the next statement runs, so that a kill loses nothing that was said. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

const open = () => openSqlite(path, { durability: "full" });

const jobs: Record<string, (...args: string[]) => Promise<void>> = {
  /** Four writers append to a stream each, and say the id of each commit once it is stored. Until killed. */
  async "append-for-ever"() {
    const log = sqliteCommitLog(open());
    const write = async (stream: string) => {
      for (let version = 1; ; version += 1) {
        const commit = aCommit(stream, version);
        if (await log.append(commit)) say(commit.commitId);
      }
    };
    await Promise.all(["a", "b", "c", "d"].map(write));
  },

  /** Competes for each of so many versions of one stream, and says the ones it won. */
  async "append-racing"() {
    const log = sqliteCommitLog(open());
    const [versions, racer] = args;
    for (let version = 1; version <= Number(versions); version = (await log.head("a")) + 1) {
      if (await log.append(aCommit("a", version, { commitId: `${racer}@${version}` }))) say(String(version));
    }
  },

  /** Sends 1, 2, 3, … with a checkpoint, and says each number once it is stored. Until killed. */
  async "send-for-ever"() {
    const queues = sqliteQueues(open(), Date.now);
    for (let number = 1; ; number += 1) {
      const body = String(number);
      await queues.send([{ queue: "replies", body }], { name: "feed", value: body });
      say(body);
    }
  },

  /** Receives and removes until nothing is visible, and says each body. */
  async "receive-all"() {
    const queues = sqliteQueues(open(), Date.now);
    for (;;) {
      const messages = await queues.receive("replies", { max: 3, visibilityMs: 60_000 });
      if (messages.length === 0) return;
      for (const { body } of messages) say(body);
      await queues.remove(
        "replies",
        messages.map(({ id }) => id),
      );
    }
  },

  /** From the instant `at` on, reserves 100 places of one rate as fast as it can, all for `at`; says each wait. */
  async "reserve-places"(at) {
    const pacing = sqlitePacing(open());
    while (Date.now() < Number(at));
    for (let place = 1; place <= 100; place += 1) {
      const rates = [
        { key: "number", intervalMs: 1, burst: 1 },
        { key: `pair/${place}`, intervalMs: 6_000, burst: 45 },
      ];
      say(String((await pacing.reserve(rates, Number(at), Infinity)).waitMs));
    }
  },

  /** From the instant `at` on, claims the probes of 50 open circuits as fast as it can, and says which it got. */
  async "claim-probes"(at) {
    const circuits = sqliteCircuits(open());
    while (Date.now() < Number(at));
    for (let circuit = 0; circuit < 50; circuit += 1)
      if (await circuits.claimProbe(String(circuit), Number(at), Number(at) + 60_000)) say(String(circuit));
  },

  /** From the instant `at` on, resolves 100 people as fast as it can; says who each is. */
  async resolve(child, at) {
    const identities = sqliteIdentities(open());
    const people = Array.from({ length: 100 }, (_, person) => String(person));
    const aliases = (person: string): Alias[] => [
      { kind: "phone", hash: person },
      { kind: "user-id", hash: person },
    ];
    while (Date.now() < Number(at));
    for (const person of people) {
      const { contactId } = await identities.resolve(aliases(person), `01J-${person}-${child}`);
      say(contactId);
    }
  },

  /** From the instant `at` on, reads or makes 50 master keys and says each. */
  async "master-keys"(at) {
    while (Date.now() < Number(at));
    for (let number = 1; number <= 50; number += 1)
      say(Buffer.from(masterKey(`${path}-${number}`)).toString("hex"));
  },

  /** From the instant `at` on, seals a word for 100 people, and says it sealed. */
  async "seal-for-all"(at) {
    const keys = localKeys({ db: open(), masterKey: Buffer.alloc(32) });
    while (Date.now() < Number(at));
    for (let person = 1; person <= 100; person += 1) {
      const sealer = await keys.sealer(String(person));
      say(Buffer.from(sealer?.seal(Buffer.from("hello"), "c") ?? []).toString("hex"));
    }
  },
};

const run = jobs[job];
if (!run) throw new Error(`no such job: ${job}`);
await run(...args);
