import type { RecordedEvent } from "../events/envelope.ts";
import type { ConversationRecord } from "../views/view.ts";
import type { ReadOptions } from "./commit-log.ts";
import type { EventStore } from "./event-store.ts";

/** The events of a conversation's stream, which never holds any others. */
export async function* readConversation(
  store: EventStore,
  stream: string,
  options?: ReadOptions,
): AsyncGenerator<ConversationRecord[], void> {
  for await (const events of store.read(stream, options)) yield events.filter(isOfConversation);
}

const isOfConversation = (event: RecordedEvent): event is ConversationRecord =>
  event.type !== "AccountUpdateReceived" && event.type !== "UpdateQuarantined";
