import {
  checkCommit,
  lastVersion,
  bodyBytesMax,
  type Commit,
  type CommitLog,
  type StoredSnapshot,
  type StreamHead,
} from "./commit-log.ts";

const commitsPerPage = 100;

/** A log for tests and simulations: gone with the process. */
export const memoryCommitLog = (): CommitLog => {
  const all: Commit[] = [];
  const streams = new Map<string, Commit[]>();
  const snapshots = new Map<string, StoredSnapshot>();
  const commitsOf = (stream: string) => streams.get(stream) ?? [];
  const headOf = (stream: string) => {
    const newest = commitsOf(stream).at(-1);
    return newest ? lastVersion(newest) : 0;
  };

  const scan: CommitLog["scan"] = async ({
    segment,
    segments,
    after = `${segment}:0`,
    limit = commitsPerPage,
  }) => {
    const [origin = 0, version = 0] = after.split(":").map(Number);
    const inOrder = [...streams.values()];
    const page: Commit[] = [];
    for (let place = origin; place < inOrder.length; place += segments) {
      for (const commit of inOrder[place] ?? []) {
        if (place === origin && commit.version <= version) continue;
        if (page.length === limit) return { commits: page, next: `${place}:${commit.version - 1}` };
        page.push(commit);
      }
    }
    return { commits: page };
  };

  return {
    async append(commit) {
      checkCommit(commit);
      const { stream, version, commitId } = commit;
      if (version !== headOf(stream) + 1) {
        return commitsOf(stream).find((there) => there.version === version)?.commitId === commitId;
      }
      const kept = { ...commit, body: commit.body.slice() };
      const commits = commitsOf(stream);
      all.push(kept);
      commits.push(kept);
      streams.set(stream, commits);
      return true;
    },

    async *read(stream, { from = 1, to = Infinity, direction = "forwards", pageSize = commitsPerPage } = {}) {
      if (from > to) return;
      const within = commitsOf(stream).filter(
        (commit) => lastVersion(commit) >= from && commit.version <= to,
      );
      const wanted = direction === "backwards" ? within.toReversed() : within;
      for (let start = 0; start < wanted.length; start += pageSize)
        yield wanted.slice(start, start + pageSize);
    },

    head: async (stream) => headOf(stream),

    snapshot: async (stream) => snapshots.get(stream),

    async saveSnapshot(snapshot) {
      const there = snapshots.get(snapshot.stream)?.version ?? 0;
      if (snapshot.body.byteLength <= bodyBytesMax && snapshot.version >= there)
        snapshots.set(snapshot.stream, snapshot);
    },

    async deleteSnapshot(stream) {
      snapshots.delete(stream);
    },

    async feed(checkpoint = "0", limit) {
      const commits = all.slice(Number(checkpoint), Number(checkpoint) + limit);
      return { commits, checkpoint: String(Number(checkpoint) + commits.length) };
    },

    scan,
    outline: scan,

    async heads({ segment, segments, after = String(segment), limit = commitsPerPage }) {
      const inOrder = [...streams.keys()];
      const heads: StreamHead[] = [];
      for (let place = Number(after); place < inOrder.length; place += segments) {
        if (heads.length === limit) return { heads, next: String(place) };
        const stream = inOrder[place] ?? "";
        heads.push({ stream, head: headOf(stream) });
      }
      return { heads };
    },

    size: async () => all.length,
  };
};
