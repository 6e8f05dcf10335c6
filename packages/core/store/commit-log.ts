/**
 * The log under the event store: append-only commits, already encoded. Three implementations
 * (`sqlite-`, `dynamo-`, `memory-commit-log.ts`) pass one suite, `commit-log.contract.ts`.
 */

/** All events of one decision, as one item (D2). */
export type Commit = {
  stream: string;
  /** The version of its first event, from 1. */
  version: number;
  /** How many events it holds, at least 1. */
  count: number;
  /** Encoded by the codec: personal data encrypted, compressed when that pays. At most 390 KB. */
  body: Uint8Array;
  /** Whose key encrypts the personal data in it. */
  subject: string;
  commitId: string;
  /** ISO-8601 UTC. */
  at: string;
  causationId?: string;
};

/** The newest known fold of a stream, sealed. */
export type StoredSnapshot = { stream: string; version: number; reducer: string; body: Uint8Array };

export type ReadOptions = {
  /** Inclusive. The commit that contains this version is the first of a forward read. Default 1. */
  from?: number;
  /** That no commit spans `from`, as whoever has read up to there knows: it may save looking for one. */
  isBoundary?: boolean;
  /** Inclusive, nothing below `from`. The commit that contains this version is the first of a backward read. Default: the head. */
  to?: number;
  direction?: "forwards" | "backwards";
  /** Commits a page, at most; by default whatever suits the engine. */
  pageSize?: number;
};

export type FeedPage = {
  commits: Commit[];
  /** Opaque: pass it to the next call. Present even when the page is empty. */
  checkpoint: string;
};

export type ScanPage = {
  commits: Commit[];
  /** Absent when the segment is done. */
  next?: string;
};

/** Which part of the log to go through, and from where. */
export type ScanOptions = { segment: number; segments: number; after?: string; limit?: number };

/** Where a commit stands, without what it holds. */
export type CommitOutline = Pick<Commit, "stream" | "version" | "count">;

export type StreamHead = { stream: string; head: number };

export type CommitLog = {
  /**
   * Stores the commit if nothing stands at its version, durably before it resolves.
   * False when another commit is there already; of any number of racers, exactly one gets true.
   * True when this very commit (by its `commitId`) is there: the retry of an append whose answer was lost.
   * The caller only ever appends at a version that it has read as the head + 1. Memory and SQLite answer
   * false to any other; DynamoDB cannot see a gap, nor a version inside another commit. Throws on what
   * no log keeps (`checkCommit`), and the engine's own error, with nothing said about the outcome.
   */
  append(commit: Commit): Promise<boolean>;
  /**
   * Commits in order of version, a page at a time, none empty, strongly consistent. Nothing for an unknown
   * stream. A page is fetched when it is asked for, so that whoever stops early pays no more.
   */
  read(stream: string, options?: ReadOptions): AsyncIterable<Commit[]>;
  /** The last version of the stream, 0 when there is none. */
  head(stream: string): Promise<number>;
  snapshot(stream: string): Promise<StoredSnapshot | undefined>;
  /** Keeps the newer of what is there and this; of the same version, this. Too large a one (over 390 KB) is silently not kept. */
  saveSnapshot(snapshot: StoredSnapshot): Promise<void>;
  /** Forgets the snapshot, so that nothing derived from erased data remains. */
  deleteSnapshot(stream: string): Promise<void>;
  /**
   * The change feed: every commit after the checkpoint (from the beginning without one), each at least
   * once, in order within its stream. At most `limit` commits a page; none when there is nothing new
   * for now. DynamoDB's feed goes back 24 hours: `hilo audit` covers what is older.
   */
  feed(checkpoint: string | undefined, limit: number): Promise<FeedPage>;
  /**
   * All commits of one of `segments` disjoint parts of the log; a stream's commits come together, in order.
   * A page may end within a stream, which the next goes on with; it may be empty and yet have a `next`.
   */
  scan(options: ScanOptions): Promise<ScanPage>;
  /** The same with no more of each commit than where it stands: a fraction of the bytes, for whoever looks whether a stream is whole. */
  outline(options: ScanOptions): Promise<{ commits: CommitOutline[]; next?: string }>;
  /** Streams and their last versions. Where an engine can only gather them, a stream comes again, higher, on a later page. */
  heads(options: ScanOptions): Promise<{ heads: StreamHead[]; next?: string }>;
  /** About how many commits there are, for a progress bar. DynamoDB counts every six hours or so. */
  size(): Promise<number>;
};

/** The largest body or snapshot: DynamoDB's item limit of 400 KB less room for the other attributes. */
export const bodyBytesMax = 390 * 1024;

/** The version of the last event in a commit. */
export const lastVersion = ({ version, count }: Pick<Commit, "version" | "count">): number =>
  version + count - 1;

/** Throws a RangeError on what no log keeps. It is a bug in the caller: no retry helps. */
export const checkCommit = ({ stream, version, count, body }: Commit): void => {
  if (body.byteLength > bodyBytesMax) {
    throw new RangeError(
      `commit ${version} of ${stream} has ${body.byteLength} bytes; at most ${bodyBytesMax} fit`,
    );
  }
  if (!(Number.isSafeInteger(version) && version >= 1 && Number.isSafeInteger(count) && count >= 1)) {
    throw new RangeError(`commit ${version} of ${stream} has ${count} events; both count from 1`);
  }
};
