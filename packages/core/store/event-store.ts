import type { HiloEvent, RecordedEvent } from "../events/envelope.ts";
import type { Codec } from "./codec.ts";
import type { CommitLog, ReadOptions } from "./commit-log.ts";

/** What is appended: the events of one decision. */
export type Append = {
  stream: string;
  /** The head that the decision was made on, 0 for a new stream. */
  expectedVersion: number;
  events: readonly HiloEvent[];
  /** Whose key encrypts the personal data in it. */
  subject: string;
  commitId: string;
  at: string;
  causationId?: string;
};

/**
 * The event store: the log with the codec at its edge. Only `handle` writes a conversation's events;
 * `set-aside.ts` and `unmatched-statuses.ts` keep what belongs to none.
 */
export type EventStore = {
  /** False when the stream has moved on since `expectedVersion`. Throws on an invalid event. */
  append(append: Append): Promise<boolean>;
  /** Events in order of version, within [from, to]; validated, upcast, decrypted. */
  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent[]>;
  log: CommitLog;
  codec: Codec;
};

export const eventStore = (log: CommitLog, codec: Codec): EventStore => ({
  log,
  codec,

  async append({ expectedVersion, events, ...rest }) {
    const version = expectedVersion + 1;
    const body = await codec.encode(events, { ...rest, version });
    return log.append({ ...rest, version, count: events.length, body });
  },

  async *read(stream, options = {}) {
    const { from = 1, to = Number.POSITIVE_INFINITY } = options;
    for await (const commits of log.read(stream, options)) {
      const backwards = options.direction === "backwards";
      const events = await codec.decodeAll(backwards ? commits.toReversed() : commits);
      const within = events.filter((event) => event.version >= from && event.version <= to);
      yield backwards ? within.toReversed() : within;
    }
  },
});
