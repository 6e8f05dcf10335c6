import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  bodyBytesMax,
  checkCommit,
  lastVersion,
  type Commit,
  type CommitLog,
  type CommitOutline,
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
        const page = commits(statement.all({ stream, low, high, limit: pageSize }) as CommitRow[]);
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
      const rows = sql.feed.all({ position: Number(checkpoint), limit }) as FeedRow[];
      return { commits: commits(rows), checkpoint: String(rows.at(-1)?.position ?? checkpoint) };
    },

    async scan(options) {
      const { rows, next } = scanned(sql.scan, options);
      return { commits: commits(rows as ScanRow[]), ...next };
    },

    async outline(options) {
      const { rows, next } = scanned(sql.outline, options);
      return { commits: rows.map(({ stream, version, count }) => ({ stream, version, count })), ...next };
    },

    size: async () => Number(sql.size.get()?.["size"]),
  };
};

const scanned = (
  statement: StatementSync,
  { segment, segments, after = "0:0", limit = commitsPerScan }: ScanOptions,
) => {
  const [origin = 0, version = 0] = after.split(":").map(Number);
  const rows = statement.all({ segment, segments, origin, version, limit }) as OutlineRow[];
  const last = rows.at(-1);
  return { rows, next: last && rows.length === limit && { next: `${last.origin}:${last.version}` } };
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

const within = `
  SELECT * FROM commits
  WHERE stream = :stream AND version <= :high AND version + count > :low
    -- Said again so that the index is used: the commit that holds :low may begin before it.
    AND version >= ifnull((SELECT max(version) FROM commits WHERE stream = :stream AND version <= :low), 0)
`;

/** A stream belongs to the segment of its first commit's position, and goes by it in the order of a scan. */
const scanOf = (columns: string): string => `
  SELECT origin.position AS origin, ${columns}
  FROM commits AS origin CROSS JOIN commits ON commits.stream = origin.stream
  WHERE origin.version = 1 AND origin.position >= :origin AND origin.position % :segments = :segment
    AND commits.version > iif(origin.position = :origin, :version, 0)
  ORDER BY origin.position, commits.version LIMIT :limit`;

const prepare = (database: DatabaseSync) => ({
  append: database.prepare(`
    INSERT INTO commits (stream, version, count, body, subject, commit_id, at, causation_id)
    SELECT :stream, :version, :count, :body, :subject, :commitId, :at, :causationId
    WHERE :version = 1 + ifnull(
      (SELECT version + count - 1 FROM commits WHERE stream = :stream ORDER BY version DESC LIMIT 1), 0)`),
  commitId: database.prepare("SELECT commit_id FROM commits WHERE stream = ? AND version = ?"),
  forwards: database.prepare(`${within} ORDER BY version LIMIT :limit`),
  backwards: database.prepare(`${within} ORDER BY version DESC LIMIT :limit`),
  head: database.prepare(
    "SELECT version + count - 1 AS head FROM commits WHERE stream = ? ORDER BY version DESC LIMIT 1",
  ),
  snapshot: database.prepare("SELECT * FROM snapshots WHERE stream = ?"),
  saveSnapshot: database.prepare(`
    INSERT INTO snapshots (stream, version, reducer, body) VALUES (:stream, :version, :reducer, :body)
    ON CONFLICT (stream) DO UPDATE SET version = excluded.version, reducer = excluded.reducer, body = excluded.body
    WHERE excluded.version >= version`),
  deleteSnapshot: database.prepare("DELETE FROM snapshots WHERE stream = ?"),
  feed: database.prepare("SELECT * FROM commits WHERE position > :position ORDER BY position LIMIT :limit"),
  scan: database.prepare(scanOf("commits.*")),
  outline: database.prepare(scanOf("commits.stream, commits.version, commits.count")),
  // Nothing is ever deleted, nor a position skipped.
  size: database.prepare("SELECT ifnull(max(position), 0) AS size FROM commits"),
});

/** The table is STRICT: its values have the types that it declares. */
type CommitRow = Omit<Commit, "commitId" | "causationId"> & {
  commit_id: string;
  causation_id: string | null;
};
type FeedRow = CommitRow & { position: number };
type OutlineRow = CommitOutline & { origin: number };
type ScanRow = CommitRow & OutlineRow;

const commits = (rows: readonly CommitRow[]): Commit[] =>
  rows.map(({ stream, version, count, body, subject, commit_id, at, causation_id }) => ({
    stream,
    version,
    count,
    body,
    subject,
    commitId: commit_id,
    at,
    ...(causation_id !== null && { causationId: causation_id }),
  }));
