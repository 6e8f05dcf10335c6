/** Given what happened, when a command comes, then this follows: in the words of the domain. */
import { expect } from "vitest";
import { fold, initial, type Conversation } from "../domain/conversation.ts";
import type { Decision, Refusal } from "../domain/decision.ts";
import type { ConversationEvent } from "../events/conversation.ts";
import type { ConversationRecord } from "../views/view.ts";

export const stream = "conversation-01JD0000000000000000000000-1065550000";
export const noon = "2026-11-23T12:00:00.000Z";

/** An instant this long after noon. */
export const after = (ms: number): string => new Date(Date.parse(noon) + ms).toISOString();

/** Events as recorded, a second apart from noon on, unless `at` says otherwise. */
export const recorded = (events: readonly ConversationEvent[], at?: string): ConversationRecord[] =>
  events.map((event, index) => ({
    ...event,
    stream,
    version: index + 1,
    at: at ?? after(index * 1_000),
    commitId: `commit-${index + 1}`,
  }));

export const stateAfter = (...events: ConversationEvent[]): Conversation => fold(initial, recorded(events));

export const given = (...events: ConversationEvent[]) => ({
  when: (decide: (state: Conversation) => Decision) => {
    const decision = decide(stateAfter(...events));
    return {
      then: (...expected: ConversationEvent[]) => expect(decision).toEqual(expected),
      thenTypes: (...expected: ConversationEvent["type"][]) =>
        expect("rejected" in decision ? decision : decision.map(({ type }) => type)).toEqual(expected),
      thenRejected: (reason: Refusal) => expect(decision).toEqual({ rejected: reason }),
    };
  },
});
