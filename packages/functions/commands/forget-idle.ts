/** Erases people with whom there was nothing for as long as retention says (D12). */
import { parseConversationStream } from "#core/events/stream.ts";
import type { Commit } from "#core/store/commit-log.ts";
import type { Contact } from "#core/store/identities.ts";
import { conversations, conversationsOf } from "#core/store/conversations.ts";
import { load } from "#core/store/handle.ts";
import { storedEvents } from "#core/store/stored-events.ts";
import { describeError, type Log } from "#functions/shared/log.ts";
import { eraseContact, type EraseContactDeps, type Versions } from "./erase-contact.ts";

export type ForgetIdleDeps = EraseContactDeps & { log: Log };

/**
 * Answers how many people it erased. Somebody is idle when nothing was recorded in any of their conversations for
 * `idleMs`, and is spared when they write before they are erased. Reads the log once through, as an audit does.
 * Safe to repeat: an erasure of somebody idle that was cut off while their key was there is finished. One who can't be
 * forgotten keeps nobody else: it throws at the end.
 */
export const forgetIdle = async (deps: ForgetIdleDeps, idleMs: number): Promise<number> => {
  const before = deps.clock().getTime() - idleMs;
  let erased = 0;
  let first: Error | undefined;
  for await (const { stream } of conversations(deps.store.log)) {
    const isErased = await forgetContactOf(deps, stream, before).catch((error: Error) => {
      first ??= error;
      deps.log("error", "a person could not be forgotten", { stream, error: describeError(error) });
      return false;
    });
    if (isErased) erased += 1;
  }
  if (erased > 0) deps.log("info", "people were erased, as retention says", { count: erased });
  if (first) throw first;
  return erased;
};

const forgetContactOf = async (deps: ForgetIdleDeps, stream: string, before: number): Promise<boolean> => {
  const { contactId = "" } = parseConversationStream(stream) ?? {};
  const newest = await newestCommit(deps, stream);
  if (!newest || !(isErasure(newest) || isOlder(newest, before))) return false;
  const contact = await deps.identities.get(contactId);
  const idle = contact && (await toForget(deps, contact, before));
  return idle !== undefined && (await eraseContact(deps, contactId, idle)) !== undefined;
};

/** Undefined for who is not to be forgotten, or is already. Versions are read first: what comes after them counts. */
const toForget = async (
  deps: EraseContactDeps,
  contact: Contact,
  before: number,
): Promise<Versions | undefined> => {
  const streams = await conversationsOf(deps.store.log, contact);
  const states = await Promise.all(streams.map(async (stream) => (await load(deps.store, stream)).state));
  const left = streams.filter((_, index) => !states[index]?.erased);
  const newest = await Promise.all(left.map((stream) => newestCommit(deps, stream)));
  const isDue =
    left.length > 0
      ? newest.every((commit) => commit && isOlder(commit, before))
      : await hasKey(deps, [contact.contactId, ...contact.absorbed]);
  return isDue ? new Map(streams.map((stream, index) => [stream, states[index]?.version ?? 0])) : undefined;
};

/** What an erasure leaves that a crash cut off. Without a key nothing else that is left can be read. */
const hasKey = async ({ keys }: EraseContactDeps, contactIds: readonly string[]): Promise<boolean> =>
  (await Promise.all(contactIds.map((id) => keys.sealer(id)))).some((sealer) => sealer !== undefined);

const isErasure = (commit: Commit): boolean =>
  storedEvents(commit).some(({ type }) => type === "ContactErased");

const isOlder = ({ at }: Commit, before: number): boolean => Date.parse(at) < before;

const newestCommit = async ({ store }: EraseContactDeps, stream: string): Promise<Commit | undefined> => {
  for await (const [newest] of store.log.read(stream, { direction: "backwards", pageSize: 1 })) return newest;
  return undefined;
};
