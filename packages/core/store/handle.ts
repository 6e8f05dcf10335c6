/** The one write path: read, fold, decide, append; again when somebody else was quicker. */
import type { ConversationEvent } from "../events/conversation.ts";
import type { RecordedEvent } from "../events/envelope.ts";
import { parseConversationStream } from "../events/stream.ts";
import { fold, initial, reducer, type Conversation } from "../domain/conversation.ts";
import type { Decision, Refusal } from "../domain/decision.ts";
import type { EventStore } from "./event-store.ts";
import { inLines } from "./in-line.ts";

export type HandleDeps = {
  store: EventStore;
  clock: () => Date;
  newId: () => string;
  /** In [0, 1): spreads retries. */
  random: () => number;
  sleep: (ms: number) => Promise<void>;
};

export type Handled = {
  /** After the decision, or as it was when there was nothing to do. */
  state: Conversation;
  events: RecordedEvent<ConversationEvent>[];
  rejected?: Refusal;
};

/** Too many others wrote to this conversation at the same moment: try again later. */
export class Contention extends Error {
  override name = "Contention";
}

export const attemptsMax = 8;
/** A snapshot is kept whenever this many commits came after the last one (D3). */
export const commitsPerSnapshot = 50;

const inLine = inLines<Loaded>();

/**
 * Decides on a conversation's present state and appends what follows. Throws `Contention` after 8 conflicts with other
 * processes; in this one, commands to one conversation are handled in the order in which they came.
 */
export const handle = (
  deps: HandleDeps,
  stream: string,
  decide: (state: Conversation) => Decision,
  causationId?: string,
): Promise<Handled> =>
  inLine(deps.store, stream, async (left) => {
    // only an append proves that what was left is still the newest: any other answer is found on a fresh state
    const handled = left && (await attempt(deps, stream, left, decide, causationId));
    if (handled?.appended) return handled.appended;
    for (let tries = 1; tries <= attemptsMax; tries++) {
      const loaded = await load(deps.store, stream);
      const { appended, answer } = await attempt(deps, stream, loaded, decide, causationId);
      if (appended) return appended;
      if (answer) return { result: answer, left: loaded };
      await deps.sleep(deps.random() * 2 ** tries);
    }
    throw new Contention(`${attemptsMax} conflicting appends to one conversation`);
  });

type Attempt = {
  /** When something was decided and nobody else was quicker. */
  appended?: { result: Handled; left: Loaded };
  /** When there is nothing to append. */
  answer?: Handled;
};

const attempt = async (
  deps: HandleDeps,
  stream: string,
  loaded: Loaded,
  decide: (state: Conversation) => Decision,
  causationId?: string,
): Promise<Attempt> => {
  const { state } = loaded;
  const decision = decide(state);
  if ("rejected" in decision) return { answer: { state, events: [], rejected: decision.rejected } };
  if (decision.length === 0) return { answer: { state, events: [] } };
  const result = await append(deps, stream, loaded, decision, causationId);
  if (!result) return {};
  const commits = await keepSnapshot(deps.store, stream, result.state, loaded.commits + 1);
  return { appended: { result, left: { state: result.state, commits } } };
};

/** A state, and how many commits were folded into it since its snapshot. */
type Loaded = { state: Conversation; commits: number };

/**
 * The conversation's state: its newest snapshot, and then what came after that. Two requests, whatever its length; one
 * after the other, since otherwise the second would have to ask for all that may have come.
 */
export const load = async (store: EventStore, stream: string): Promise<Loaded> => {
  const base = (await readSnapshot(store, stream)) ?? initial;
  const tail = [];
  for await (const page of store.log.read(stream, { from: base.version + 1, isBoundary: true }))
    tail.push(...page);
  const events = await store.codec.decodeAll(tail);
  return { state: fold(base, events as RecordedEvent<ConversationEvent>[]), commits: tail.length };
};

const append = async (
  { store, clock, newId }: HandleDeps,
  stream: string,
  { state }: Loaded,
  events: readonly ConversationEvent[],
  causationId?: string,
): Promise<Handled | undefined> => {
  const position = {
    stream,
    commitId: newId(),
    at: clock().toISOString(),
    ...(causationId && { causationId }),
  };
  const subject = subjectOf(stream);
  if (!(await store.append({ ...position, expectedVersion: state.version, events, subject })))
    return undefined;
  const recorded = events.map((event, index) => ({
    ...event,
    ...position,
    version: state.version + 1 + index,
  }));
  return { state: fold(state, recorded), events: recorded };
};

/** Answers how many commits have come after the newest snapshot then. */
const keepSnapshot = async (
  store: EventStore,
  stream: string,
  state: Conversation,
  commits: number,
): Promise<number> => {
  if (commits < commitsPerSnapshot) return commits;
  // only a shortcut for the next load: the append stands without it
  await saveSnapshot(store, stream, state).catch(() => undefined);
  return 0;
};

const readSnapshot = async (store: EventStore, stream: string): Promise<Conversation | undefined> => {
  const stored = await store.log.snapshot(stream);
  if (stored?.reducer !== reducer) return undefined;
  return (await store.codec.open(subjectOf(stream), stored.body, snapshotContext(stream, stored.version))) as
    | Conversation
    | undefined;
};

const saveSnapshot = async (store: EventStore, stream: string, state: Conversation): Promise<void> => {
  const { version } = state;
  const body = await store.codec.seal(subjectOf(stream), state, snapshotContext(stream, version));
  if (body) await store.log.saveSnapshot({ stream, version, reducer, body });
};

const snapshotContext = (stream: string, version: number): string => `snapshot/${stream}@${version}`;

const subjectOf = (stream: string): string => {
  const parsed = parseConversationStream(stream);
  if (!parsed) throw new TypeError("not the stream of a conversation");
  return parsed.contactId;
};
