import { lastVersion } from "#core/store/commit-log.ts";
import type { EventStore } from "#core/store/event-store.ts";
import type { At } from "./query.ts";

export type NoMoment = "unknown-conversation" | "not-yet" | "version-not-reached";

/** The version at which a conversation stood then, or stands now without a moment; or why there is none. */
export const versionAt = async (
  { log }: Pick<EventStore, "log">,
  stream: string,
  at?: At,
): Promise<number | NoMoment> => {
  const head = await log.head(stream);
  if (head === 0) return "unknown-conversation";
  if (!at) return head;
  if ("version" in at) return at.version <= head ? at.version : "version-not-reached";
  for await (const commits of log.read(stream, { direction: "backwards" })) {
    const commit = commits.find((commit) => Date.parse(commit.at) <= at.instantMs);
    if (commit) return lastVersion(commit);
  }
  return "not-yet";
};

/** A moment as text, for a cursor to be bound to. */
export const momentText = (at: At): string => JSON.stringify(at);
