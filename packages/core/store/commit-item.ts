/** A commit as an item of the DynamoDB table, and as stream records carry it. The names are the storage format. */
import type { Commit, CommitOutline } from "./commit-log.ts";

/** What the SDK reads (bytes) and what a Lambda's stream records hold (base64). */
type Attribute = { S?: string | undefined; N?: string | undefined; B?: Uint8Array | string | undefined };

/** As the SDK takes it. */
export const commitItem = (commit: Commit) => item(commit, commit.body);

/** As a Lambda's stream record carries it in `NewImage`. */
export const commitImage = (commit: Commit) => item(commit, Buffer.from(commit.body).toString("base64"));

/** Reads either. Throws a TypeError on what is no commit. */
export const commitFromItem = (stored: Readonly<Record<string, Attribute | undefined>>): Commit => {
  const causationId = stored["causationId"]?.S;
  return {
    ...outlineFromItem(stored),
    body: bytes(stored, "body"),
    subject: text(stored, "subject"),
    commitId: text(stored, "commitId"),
    at: text(stored, "at"),
    ...(causationId !== undefined && { causationId }),
  };
};

/** Reads as much of one as says where it stands. */
export const outlineFromItem = (stored: Stored): CommitOutline => ({
  stream: text(stored, "pk"),
  version: integer(stored, "sk"),
  count: integer(stored, "n"),
});

const item = <Binary>(commit: Commit, body: Binary) => ({
  pk: { S: commit.stream },
  sk: { N: String(commit.version) },
  n: { N: String(commit.count) },
  body: { B: body },
  subject: { S: commit.subject },
  commitId: { S: commit.commitId },
  at: { S: commit.at },
  ...(commit.causationId !== undefined && { causationId: { S: commit.causationId } }),
});

type Stored = Parameters<typeof commitFromItem>[0];

const text = (stored: Stored, name: string): string => stored[name]?.S ?? missing(name);

const integer = (stored: Stored, name: string): number => Number(stored[name]?.N ?? missing(name));

const bytes = (stored: Stored, name: string): Uint8Array => {
  const value = stored[name]?.B ?? missing(name);
  return typeof value === "string" ? Buffer.from(value, "base64") : value;
};

const missing = (name: string): never => {
  throw new TypeError(`an item without ${name} is no commit`);
};
