/** Compares what is recorded with what came of it, and repairs what is missing (D5). */
import { ZodError } from "zod";
import type { EventBus } from "../clients/event-bus.ts";
import type { Conversation } from "../domain/conversation.ts";
import { UnknownEventVersion } from "../events/catalogue.ts";
import type { ConversationRecord, View } from "../views/view.ts";
import { conversations, type ConversationHead, type Progress } from "./conversations.ts";
import { load } from "./handle.ts";
import { project, wouldChange, type ProjectDeps } from "./project.ts";
import { readConversation } from "./read-conversation.ts";

export type AuditDeps = ProjectDeps & { bus: EventBus; clock: () => Date };

export type AuditReport = {
  streams: number;
  /** Conversations with a version missing: never repaired, always an alarm. */
  broken: string[];
  /** Conversations that this program can't read. */
  unreadable: string[];
  /** Per view, how many conversations it is behind on. */
  behind: Record<string, number>;
  /** Messages that nobody answered, and sends that came to no end, though there was time. */
  owed: number;
  repaired: boolean;
};

/** What is younger than this may be under way. */
export const graceMs = 60_000;

export type AuditOptions = {
  /** Views are brought up to date and what is owed is published again: handlers repeat safely. */
  repair?: boolean;
  graceMs?: number;
  progress?: Progress;
};

export const audit = async (
  deps: AuditDeps,
  views: readonly View<unknown>[],
  { repair = false, graceMs: grace = graceMs, progress }: AuditOptions = {},
): Promise<AuditReport> => {
  const before = deps.clock().getTime() - grace;
  const report: AuditReport = {
    streams: 0,
    broken: [],
    unreadable: [],
    behind: {},
    owed: 0,
    repaired: repair,
  };
  for (const view of views) report.behind[view.name] = 0;
  for await (const conversation of conversations(deps.store.log, progress)) {
    report.streams++;
    if (!conversation.whole) report.broken.push(conversation.stream);
    await auditOne(deps, views, conversation, before, report).catch((error: unknown) => {
      if (!isUnreadable(error)) throw error;
      report.unreadable.push(conversation.stream);
    });
  }
  return report;
};

/** What the conversation itself is to blame for. Anything else ends the audit, whose answer would be wrong. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof UnknownEventVersion || error instanceof ZodError || error instanceof SyntaxError;

const auditOne = async (
  deps: AuditDeps,
  views: readonly View<unknown>[],
  { stream, head }: ConversationHead,
  before: number,
  report: AuditReport,
): Promise<void> => {
  for (const view of views) {
    if (!(await isBehind(deps, view, stream, head, before))) continue;
    report.behind[view.name] = (report.behind[view.name] ?? 0) + 1;
    if (report.repaired) await project(deps, view, stream);
  }
  const { state } = await load(deps.store, stream);
  const owed = owedVersions(state, before);
  report.owed += owed.length;
  if (report.repaired && owed.length > 0) await republish(deps, stream, owed);
};

/** Whether the view lacks something that was recorded before `before`. What changes none of its items it may lack (D7). */
const isBehind = async (
  deps: AuditDeps,
  view: View<unknown>,
  stream: string,
  head: number,
  before: number,
): Promise<boolean> => {
  const name = await deps.views.current(view.name);
  const version = await deps.views.version(name, stream);
  if (version >= head) return false;
  const lacking: ConversationRecord[] = [];
  for await (const events of readConversation(deps.store, stream, { from: version + 1 }))
    lacking.push(...events);
  const old = lacking.filter(({ at }) => Date.parse(at) < before);
  // neither what is under way, nor what has come to nothing since, such as a send that was asked for and made
  const lacks =
    (await wouldChange(deps, view, stream, old)) && (await wouldChange(deps, view, stream, lacking));
  // a view that is being brought up to date was asked too early: its items may hold these events already
  return lacks && (await deps.views.version(name, stream)) === version;
};

/** The events whose handlers still have something to do, though they were recorded before `before`. */
const owedVersions = (
  { unanswered, refusedAt, sends, owner, erased }: Conversation,
  before: number,
): number[] => {
  // what was refused for what it costs is answered with whatever is written next, and else not
  const newest =
    owner === "bot" && !erased ? unanswered.findLast(({ version }) => version > refusedAt) : undefined;
  const unsettled = Object.values(sends).filter(
    ({ phase }) => phase === "requested" || phase === "started" || phase === "uncertain",
  );
  return [
    ...(newest && Date.parse(newest.at) < before ? [newest.version] : []),
    ...unsettled
      .filter(({ requestedAt }) => Date.parse(requestedAt) < before)
      .map(({ requestedVersion }) => requestedVersion),
  ];
};

const republish = async (
  { store, bus }: AuditDeps,
  stream: string,
  versions: readonly number[],
): Promise<void> => {
  for await (const commits of store.log.read(stream, { from: Math.min(...versions) })) {
    const events = commits
      .flatMap(store.codec.publish)
      .filter(({ detail }) => versions.includes(detail.version));
    const refused = events.length > 0 ? await bus.publish(events) : [];
    if (refused.length > 0)
      throw new Error(`the bus refused ${refused.length} events: nothing was repaired by them`);
  }
};
