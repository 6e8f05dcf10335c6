import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  bodyBytesMax,
  checkCommit,
  lastVersion,
  type Commit,
  type CommitLog,
  type ScanOptions,
  type StoredSnapshot,
} from "./commit-log.ts";
import { groupCommit } from "./group-commit.ts";

const commitsPerPage = 100;
const commitsPerScan = 500;

/**
 * The log on one file, which several processes may have open; of a database opened with `durability: "full"`,
 * an append that has resolved survives a power cut. Appends made in the same moment share one transaction.
 */
export const sqliteCommitLog = (database: DatabaseSync): CommitLog => {
  database.exec(schema);
  const sql = prepare(database);

  const append = groupCommit(database, (commit: Commit): boolean => {
    const { stream, version, count, body, subject, commitId, at, causationId = null } = commit;
    const { changes } = sql.append.run({ stream, version, count, body, subject, commitId, at, causationId });
    return changes === 1 || sql.commitId.get(stream, version)?.["commit_id"] === commitId;
  });

  return {
    async append(commit) {
      checkCommit(commit);
      return append(commit);
    },

    async *read(stream, { from = 1, to = Infinity, direction = "forwards", pageSize = commitsPerPage } = {}) {
      const backwards = direction === "backwards";
      const statement = backwards ? sql.backwards : sql.forwards;
      let [low, high] = [from, to];
      while (low <= high) {
        const page = (rows(statement, { stream, low, high, limit: pageSize }) as CommitRow[]).map(commit);
        const last = page.at(-1);
        if (last) yield page;
        if (!last || page.length < pageSize) return;
        if (backwards) high = last.version - 1;
        else low = lastVersion(last) + 1;
      }
    },

    head: async (stream) => Number(sql.head.get(stream)?.["head"] ?? 0),

    snapshot: async (stream) => sql.snapshot.get(stream) as StoredSnapshot | undefined,

    async saveSnapshot({ stream, version, reducer, body }) {
      if (body.byteLength <= bodyBytesMax) sql.saveSnapshot.run({ stream, version, reducer, body });
    },

    async deleteSnapshot(stream) {
      sql.deleteSnapshot.run(stream);
    },

    async feed(checkpoint = "0", limit) {
      const page = rows(sql.feed, { position: Number(checkpoint), limit }) as CommitRow[];
      return { commits: page.map(commit), checkpoint: String(page.at(-1)?.[0] ?? checkpoint) };
    },

    async scan(options) {
      const { page, next } = scanned(sql.scan, options);
      return { commits: (page as CommitRow[]).map(commit), ...next };
    },

    async outline(options) {
      const { page, next } = scanned(sql.outline, options);
      return { commits: page.map(([, stream, version, count]) => ({ stream, version, count })), ...next };
    },

    async heads({ segment, segments, after = "0", limit = commitsPerScan }) {
      const page = rows(sql.heads, { segment, segments, after: Number(after), limit }) as HeadRow[];
      const last = page.length === limit ? page.at(-1) : undefined;
      return {
        heads: page.map(([, stream, head]) => ({ stream, head })),
        ...(last && { next: String(last[0]) }),
      };
    },

    size: async () => Number(sql.size.get()?.["size"]),
  };
};

const scanned = (
  statement: StatementSync,
  { segment, segments, after = "0:0", limit = commitsPerScan }: ScanOptions,
) => {
  const [origin = 0, version = 0] = after.split(":").map(Number);
  const page = rows(statement, { segment, segments, origin, version, limit }) as OutlineRow[];
  const last = page.at(-1);
  return { page, next: last && page.length === limit && { next: `${last[0]}:${last[2]}` } };
};

/** `position` orders the feed: given under the write lock, it is never seen before a lower one. */
const schema = `
  CREATE TABLE IF NOT EXISTS commits (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    count INTEGER NOT NULL,
    body BLOB NOT NULL,
    subject TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    at TEXT NOT NULL,
    causation_id TEXT,
    UNIQUE (stream, version)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS stream_origins ON commits (position) WHERE version = 1;
  CREATE TABLE IF NOT EXISTS snapshots (
    stream TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    reducer TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
`;

/** In the order of an `OutlineRow`, and then of a `CommitRow`. */
const outlined = ["stream", "version", "count"];
const columns = [...outlined, "body", "subject", "commit_id", "at", "causation_id"];

const within = `
  SELECT position, ${columns.join(", ")} FROM commits
  WHERE stream = :stream AND version <= :high AND version + count > :low
    -- Said again so that the index is used: the commit that holds :low may begin before it.
    AND version >= ifnull((SELECT max(version) FROM commits WHERE stream = :stream AND version <= :low), 0)
`;

/** A stream belongs to the segment of its first commit's position, and goes by it in the order of a scan. */
const scanOf = (wanted: readonly string[]): string => `
  SELECT origin.position, ${wanted.map((column) => `commits.${column}`).join(", ")}
  FROM commits AS origin CROSS JOIN commits ON commits.stream = origin.stream
  WHERE origin.version = 1 AND origin.position >= :origin AND origin.position % :segments = :segment
    AND commits.version > iif(origin.position = :origin, :version, 0)
  ORDER BY origin.position, commits.version LIMIT :limit`;

const headsOf = `
  SELECT position, stream, (
    SELECT version + count - 1 FROM commits WHERE stream = origin.stream ORDER BY version DESC LIMIT 1
  )
  FROM commits AS origin
  WHERE version = 1 AND position > :after AND position % :segments = :segment
  ORDER BY position LIMIT :limit`;

const prepare = (database: DatabaseSync) => ({
  append: database.prepare(`
    INSERT INTO commits (stream, version, count, body, subject, commit_id, at, causation_id)
    SELECT :stream, :version, :count, :body, :subject, :commitId, :at, :causationId
    WHERE :version = 1 + ifnull(
      (SELECT version + count - 1 FROM commits WHERE stream = :stream ORDER BY version DESC LIMIT 1), 0)`),
  commitId: database.prepare("SELECT commit_id FROM commits WHERE stream = ? AND version = ?"),
  forwards: arrays(database, `${within} ORDER BY version LIMIT :limit`),
  backwards: arrays(database, `${within} ORDER BY version DESC LIMIT :limit`),
  head: database.prepare(
    "SELECT version + count - 1 AS head FROM commits WHERE stream = ? ORDER BY version DESC LIMIT 1",
  ),
  snapshot: database.prepare("SELECT * FROM snapshots WHERE stream = ?"),
  saveSnapshot: database.prepare(`
    INSERT INTO snapshots (stream, version, reducer, body) VALUES (:stream, :version, :reducer, :body)
    ON CONFLICT (stream) DO UPDATE SET version = excluded.version, reducer = excluded.reducer, body = excluded.body
    WHERE excluded.version >= version`),
  deleteSnapshot: database.prepare("DELETE FROM snapshots WHERE stream = ?"),
  feed: arrays(
    database,
    `SELECT position, ${columns.join(", ")} FROM commits WHERE position > :position ORDER BY position LIMIT :limit`,
  ),
  scan: arrays(database, scanOf(columns)),
  outline: arrays(database, scanOf(outlined)),
  heads: arrays(database, headsOf),
  // Nothing is ever deleted, nor a position skipped.
  size: database.prepare("SELECT ifnull(max(position), 0) AS size FROM commits"),
});

/** Rows as arrays: made, and taken apart, in half the time that objects take (Node 24). */
const arrays = (database: DatabaseSync, query: string): StatementSync => {
  const statement = database.prepare(query);
  statement.setReturnArrays(true);
  return statement;
};

const rows = (statement: StatementSync, parameters: Record<string, string | number>): unknown[] =>
  statement.all(parameters);

/**
 * The table is STRICT: its values have the types that it declares.
 * First what a page goes on from: its own position, or in a scan that of its stream's first commit.
 */
type OutlineRow = [position: number, stream: string, version: number, count: number, ...unknown[]];
type CommitRow = [
  ...position: [number, string, number, number],
  body: Uint8Array,
  subject: string,
  commitId: string,
  at: string,
  causationId: string | null,
];
type HeadRow = [position: number, stream: string, head: number];

const commit = ([, stream, version, count, body, subject, commitId, at, causationId]: CommitRow): Commit => {
  const known = { stream, version, count, body, subject, commitId, at };
  return causationId === null ? known : { ...known, causationId };
};
