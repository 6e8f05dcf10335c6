/** Who said what in a conversation, turn by turn, and in which session. */
import * as z from "zod";
import type { MessageContent } from "../events/content.ts";
import type { EventOf, OutboundContent } from "../events/conversation.ts";
import type { ConversationRecord } from "./view.ts";
import { firstCharacters, words } from "./words.ts";

export const ContextTurn = z.object({
  /** The message's, or the send's. */
  id: z.string(),
  version: z.int(),
  from: z.enum(["customer", "business"]),
  at: z.string(),
  kind: z.string(),
  text: z.string().optional(),
  /** Counts from 1. Absent in what was kept before sessions were counted. */
  session: z.int().optional(),
});
export type ContextTurn = z.infer<typeof ContextTurn>;

export const Spoken = z.object({
  turns: z.array(ContextTurn),
  /** The session that goes on, and when the customer last wrote in it, by WhatsApp's clock. */
  session: z.object({ number: z.int(), lastAt: z.string() }).optional(),
});
export type Spoken = z.infer<typeof Spoken>;

/** A customer who writes after more than this begins a new session: as long as WhatsApp's service window. */
export const sessionMs = 24 * 3_600_000;

/** Characters of one turn that are kept. */
export const turnCharactersMax = 4_096;

/** The same object when the event says nothing. */
export const spokenAfter = <Before extends Spoken>(before: Before, event: ConversationRecord): Before => {
  const { type, data, version, at } = event;
  const turn = (
    from: ContextTurn["from"],
    id: string,
    content: Content,
    session = before.session?.number,
  ) => [
    ...before.turns,
    { id, version, from, at, ...said(content), ...(session !== undefined && { session }) },
  ];
  switch (type) {
    case "MessageReceived": {
      if (data.groupId) return before;
      const session = sessionAfter(before.session, data);
      const turns = turn("customer", data.messageId, data.content, session.number);
      return { ...before, session, turns };
    }
    case "MessageEchoed":
      return { ...before, turns: turn("business", data.messageId, data.content) };
    case "SendRequested":
      // who asks for patience has said nothing
      if (data.holds) return before;
      return { ...before, turns: turn("business", data.sendId, data.content) };
    case "MessageEdited":
      if (!before.turns.some(({ id }) => id === data.original)) return before;
      return { ...before, turns: before.turns.map((turn) => edited(turn, data)) };
    case "MessageRevoked":
      if (!before.turns.some(({ id }) => id === data.original)) return before;
      return { ...before, turns: without(before.turns, data.original) };
    default:
      return before;
  }
};

type Content = MessageContent | OutboundContent;

/** What comes late, from before the last message, is of the session that goes on. */
const sessionAfter = (
  before: Spoken["session"],
  { sentAt }: EventOf<"MessageReceived">["data"],
): NonNullable<Spoken["session"]> => {
  if (!before) return { number: 1, lastAt: sentAt };
  const gapMs = Date.parse(sentAt) - Date.parse(before.lastAt);
  if (gapMs <= 0) return before;
  return { number: before.number + (gapMs > sessionMs ? 1 : 0), lastAt: sentAt };
};

const said = (content: Content): Pick<ContextTurn, "kind" | "text"> => {
  const text = words(content);
  return { kind: content.type, ...(text && { text: firstCharacters(text, turnCharactersMax) }) };
};

const edited = (turn: ContextTurn, { original, content }: EventOf<"MessageEdited">["data"]): ContextTurn => {
  if (turn.id !== original) return turn;
  const { kind: _kind, text: _text, ...rest } = turn;
  return { ...rest, ...said(content) };
};

const without = (turns: ContextTurn[], unwanted: string): ContextTurn[] =>
  turns.filter(({ id }) => id !== unwanted);
