/** The view that everybody rebuilds: the list of conversations, by the same fold. */
import type { DatabaseSync } from "node:sqlite";
import { conversationList, type ConversationSummary } from "../../packages/core/views/conversation-list.ts";
import type { ConversationRecord } from "../../packages/core/views/view.ts";
import { mustBe } from "./clients.ts";
import { eventsOf, eventsPerDecision, historyOf, nameOf, streamOf } from "./history.ts";

export type Summaries = Map<string, ConversationSummary>;

export const evolveSummary = (summaries: Summaries, event: ConversationRecord): void => {
  if (!conversationList.heeds.includes(event.type)) return;
  const next = conversationList.evolve(summaries.get(event.stream), event);
  if (next) summaries.set(event.stream, next);
};

/** All rows in one transaction. */
export const writeSummaries = (database: DatabaseSync, summaries: Summaries): void => {
  database.exec("CREATE TABLE summaries (id TEXT PRIMARY KEY, state TEXT, updated_at TEXT, row TEXT) STRICT");
  const insert = database.prepare("INSERT INTO summaries VALUES (?, ?, ?, ?)");
  database.exec("BEGIN");
  for (const [id, summary] of summaries)
    insert.run(id, summary.state, summary.updatedAt, JSON.stringify(summary));
  database.exec("COMMIT");
};

export const readSummaries = (database: DatabaseSync): ConversationSummary[] =>
  database
    .prepare("SELECT row FROM summaries")
    .all()
    .map(({ row }) => JSON.parse(String(row)) as ConversationSummary);

/** Every conversation's row, as it must be after so many events each. */
export const checkSummaries = (
  summaries: readonly ConversationSummary[],
  conversations: number,
  eventsEach: number,
): void => {
  mustBe("rows", summaries.length, conversations);
  const byId = new Map(summaries.map((summary) => [summary.id, summary]));
  for (let conversation = 0; conversation < conversations; conversation++) {
    const summary = byId.get(streamOf(conversation));
    const last = lastSaid(conversation, eventsEach);
    mustBe(
      "row",
      [summary?.version, summary?.contact.name, summary?.last?.preview],
      [lastHeeded(conversation, eventsEach), nameOf(conversation), last],
    );
  }
};

/** The version of the last event that the row may change by. */
const lastHeeded = (conversation: number, events: number): number =>
  historyOf(conversation, events).findLastIndex(({ type }) => conversationList.heeds.includes(type)) + 1;

const lastSaid = (conversation: number, events: number): string => {
  for (let decision = events / eventsPerDecision - 1; ; decision--) {
    const said = eventsOf(conversation, decision).findLast(
      ({ type }) => type === "SendRequested" || type === "MessageReceived",
    );
    if (said?.type === "SendRequested" || said?.type === "MessageReceived")
      return "text" in said.data.content ? (said.data.content.text ?? "") : "";
  }
};
