/**
 * What the bot is shown before it answers (D11): a summary of what is long past, what is known of the customer, what
 * is still open, and the last turns. It fits in one stored item, whatever was said.
 */
import * as z from "zod";
import type { EventOf } from "../events/conversation.ts";
import { findingIn } from "./findings.ts";
import { Spoken, spokenAfter, type ContextTurn } from "./spoken.ts";
import { heeds } from "./heeds.ts";
import type { ConversationRecord, View } from "./view.ts";

/** What a file or a place that the customer sent is said to be. */
export const Finding = z.object({
  /** The message's. */
  id: z.string(),
  version: z.int(),
  kind: z.string(),
  text: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export const Context = Spoken.extend({
  /** Of the last event that said something; of the last one folded, where it was folded to answer a question. */
  version: z.int(),
  language: z.string().optional(),
  /** Everything up to this version, in fewer words: its turns are not among `turns`. */
  summary: z.object({ upTo: z.int(), text: z.string() }).optional(),
  /** By a short English name; a later value has taken the place of an earlier one. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  /** What the customer had asked up to the summary, and nobody had answered. */
  openQuestions: z.array(z.string()).optional(),
  findings: z.array(Finding).optional(),
});
export type Context = z.infer<typeof Context>;

/** Names the fold: raise it when that changes, so that contexts kept in a cache are made anew. */
export const contextFold = "context-2";

/** Older turns that no summary holds yet are left out here; they stay in the log. */
export const turnsMax = 40;
/** Of all turns together: at six bytes each, the worst that JSON does, the item stays below 400 KB. */
export const charactersMax = 48_000;
export const factsMax = 20;
export const findingsMax = 10;

export const context: View<Context> = {
  name: "context",
  item: Context,
  heeds: heeds.context,
  touches: (event) => (event.type === "ContactErased" ? "all" : ["context"]),

  evolve(item, event) {
    if (event.type === "ContactErased") return undefined;
    const before = item ?? nothing;
    const after = changed(before, event);
    return after === before ? item : { ...after, version: event.version };
  },
};

/** Before anything was said, and after a person is erased, there is no context. */
const nothing: Context = { version: 0, turns: [] };

/** The same object when the event says nothing that the bot is shown. */
const changed = (before: Context, event: ConversationRecord): Context => {
  const spoken = spokenAfter(before, event);
  const after = spoken === before ? before : { ...spoken, turns: newest(spoken.turns) };
  const { type, data } = event;
  switch (type) {
    case "MessageReceived":
      return data.groupId ? after : found(after, event.version, data.messageId, data.content);
    case "MessageEdited":
      return reconsidered(after, data);
    case "MessageRevoked":
      return forgotten(before, after, data.original);
    case "ReplyGenerated":
      return after.language === data.language ? after : { ...after, language: data.language };
    case "ContextSummarised":
      return summarised(after, data);
    default:
      return after;
  }
};

const newest = (turns: ContextTurn[]): ContextTurn[] => {
  let left = charactersMax;
  const kept = turns.slice(-turnsMax);
  const first = kept.findLastIndex(({ text = "" }) => (left -= text.length) < 0);
  return kept.slice(first + 1);
};

const summarised = (before: Context, data: EventOf<"ContextSummarised">["data"]): Context => {
  const { upTo, summary: text, facts, openQuestions } = data;
  const known = new Map((before.facts ?? []).map(({ name, value }) => [name, value]));
  for (const { name, value } of facts) {
    // set anew, a fact is the newest
    known.delete(name);
    known.set(name, value);
  }
  return {
    ...before,
    summary: { upTo, text },
    facts: [...known].map(([name, value]) => ({ name, value })).slice(-factsMax),
    openQuestions,
    turns: before.turns.filter(({ version }) => version > upTo),
  };
};

const found = (
  before: Context,
  version: number,
  id: string,
  content: EventOf<"MessageReceived">["data"]["content"],
): Context => {
  const text = findingIn(content);
  if (text === undefined) return before;
  const finding = { id, version, kind: content.type, text };
  return { ...before, findings: [...(before.findings ?? []), finding].slice(-findingsMax) };
};

const reconsidered = (before: Context, { original, content }: EventOf<"MessageEdited">["data"]): Context => {
  const finding = before.findings?.find(({ id }) => id === original);
  if (!finding) return before;
  const others = (before.findings ?? []).filter(({ id }) => id !== original);
  const text = findingIn(content);
  const findings = text === undefined ? others : [...others, { ...finding, kind: content.type, text }];
  return { ...before, findings: findings.toSorted((one, other) => one.version - other.version) };
};

/**
 * What was taken back must not be shown again. Of a message that is no turn any more, nobody can tell which words of
 * the summary are its own, so all of it goes; the next one begins with the turns there are.
 */
const forgotten = (before: Context, after: Context, original: string): Context => {
  const findings = before.findings?.filter(({ id }) => id !== original);
  const rest = { ...after, ...(findings && { findings }) };
  if (before.summary === undefined || after.turns.length < before.turns.length) return rest;
  const { facts: _facts, openQuestions: _questions, summary, ...unsummarised } = rest;
  return { ...unsummarised, ...(summary && { summary: { ...summary, text: "" } }) };
};
