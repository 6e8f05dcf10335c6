/** Who asked for people has them told once, unless nobody waits any more. */
import type { Conversation } from "./conversation.ts";
import type { Decision } from "./decision.ts";

/** What waits for a person since that version, and of which nobody was told yet. */
export const untold = (state: Conversation, version: number): Conversation["untold"][number] | undefined =>
  state.untold.find((waiting) => waiting.version === version);

export type Notified = { of: number; channels: string[]; failed: string[] };

export const decideNotified = (state: Conversation, notified: Notified): Decision => {
  const waiting = untold(state, notified.of);
  return waiting ? [{ type: "PeopleNotified", data: { ...notified, because: waiting.because } }] : [];
};
