import { conversationStream, parseConversationStream } from "../events/stream.ts";
import type { CommitLog, ScanOptions, StreamHead } from "./commit-log.ts";
import type { Contact } from "./identities.ts";

/** Told how far a walk over the log has come, in commits. `total` is what there was at its start, about. */
export type Progress = (done: number, total: number) => void;

export type ConversationHead = {
  stream: string;
  /** The last version that the walk saw. */
  head: number;
  /** Whether every version from 1 to the head was there. */
  whole: boolean;
};

/** Which of so many parts of the log. */
export type Part = Pick<ScanOptions, "segment" | "segments">;

/** Every conversation in the log, once. */
export async function* conversations(
  log: CommitLog,
  progress: Progress = () => {},
): AsyncGenerator<ConversationHead> {
  const total = await log.size();
  let done = 0;
  let after: string | undefined;
  let current: ConversationHead | undefined;
  do {
    const page = await log.outline({ segment: 0, segments: 1, ...(after !== undefined && { after }) });
    for (const { stream, version, count } of page.commits) {
      if (current?.stream !== stream) {
        if (current) yield current;
        current = undefined;
        if (!parseConversationStream(stream)) continue;
        current = { stream, head: 0, whole: true };
      }
      current = { stream, head: version + count - 1, whole: current.whole && version === current.head + 1 };
    }
    done += page.commits.length;
    progress(done, Math.max(done, total));
    after = page.next;
  } while (after !== undefined);
  if (current) yield current;
}

/** Where the conversations in one part of the log stand. One may come again, having more. */
export async function* conversationHeads(log: CommitLog, part: Part): AsyncGenerator<StreamHead> {
  let after: string | undefined;
  do {
    const page = await log.heads({ ...part, ...(after !== undefined && { after }) });
    yield* page.heads.filter(({ stream }) => parseConversationStream(stream));
    after = page.next;
  } while (after !== undefined);
}

/** Every conversation of a person, those of absorbed contacts included. */
export const conversationsOf = async (
  log: CommitLog,
  { contactId, absorbed, phoneNumberIds }: Contact,
): Promise<string[]> => {
  const possible = [contactId, ...absorbed].flatMap((id) =>
    phoneNumberIds.map((number) => conversationStream(id, number)),
  );
  const heads = await Promise.all(possible.map((stream) => log.head(stream)));
  return possible.filter((_, index) => heads[index]);
};
