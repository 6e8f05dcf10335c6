/** Erases people with whom there was nothing for as long as retention says (D12). */
import { parseConversationStream } from "#core/events/stream.ts";
import type { Contact } from "#core/store/identities.ts";
import { conversations, conversationsOf } from "#core/store/conversations.ts";
import { load } from "#core/store/handle.ts";
import { eraseContact, type EraseContactDeps, type Versions } from "./erase-contact.ts";

/**
 * Answers how many people it erased. Somebody is idle when nothing was recorded in any of their conversations for
 * `idleMs`, and is spared when they write before they are erased. Reads the log once through, as an audit does.
 * Safe to repeat, and to begin again after a crash.
 */
export const forgetIdle = async (deps: EraseContactDeps, idleMs: number): Promise<number> => {
  const before = deps.clock().getTime() - idleMs;
  let erased = 0;
  for await (const { stream } of conversations(deps.store.log)) {
    const { contactId = "" } = parseConversationStream(stream) ?? {};
    if ((await lastAtMs(deps, stream)) >= before) continue;
    const contact = await deps.identities.get(contactId);
    const idle = contact && (await toForget(deps, contact, before));
    if (idle && (await eraseContact(deps, contactId, idle))) erased += 1;
  }
  return erased;
};

/** Undefined for who is not to be forgotten, or is already. Versions are read first: what comes after them counts. */
const toForget = async (
  deps: EraseContactDeps,
  contact: Contact,
  before: number,
): Promise<Versions | undefined> => {
  const streams = await conversationsOf(deps.store.log, contact);
  const states = await Promise.all(streams.map(async (stream) => (await load(deps.store, stream)).state));
  const lastAt = await Promise.all(streams.map((stream) => lastAtMs(deps, stream)));
  if (lastAt.some((atMs) => atMs >= before) || states.every(({ erased }) => erased)) return undefined;
  return new Map(streams.map((stream, index) => [stream, states[index]?.version ?? 0]));
};

const lastAtMs = async ({ store }: EraseContactDeps, stream: string): Promise<number> => {
  for await (const [newest] of store.log.read(stream, { direction: "backwards", pageSize: 1 }))
    return Date.parse(newest?.at ?? "");
  return Number.POSITIVE_INFINITY;
};
