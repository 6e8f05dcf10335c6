import type { Commit } from "../store/commit-log.ts";

/** A commit told from all others by its id and body. */
export const aCommit = (stream: string, version: number, rest: Partial<Commit> = {}): Commit => ({
  stream,
  version,
  count: 1,
  body: Buffer.from(`body of ${stream} at ${version}`),
  subject: "subject",
  commitId: `${stream}@${version}`,
  at: "2026-11-23T12:00:00.000Z",
  ...rest,
});

export type PlainCommit = Omit<Commit, "body"> & { body: string };

/** As it compares quickly, and alike from every engine. */
export const plain = (commit: Commit): PlainCommit => ({
  ...commit,
  body: Buffer.from(commit.body).toString("base64"),
});
