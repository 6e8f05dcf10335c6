import type { ConversationEvent } from "../events/conversation.ts";

/** Why a command comes to nothing, for whoever gave it. */
export type Refusal = "conversation-moved" | "reply-in-progress" | "send-unsettled" | "no-such-conversation";

/** The facts that follow (none when there is nothing to do), or a refusal. */
export type Decision = ConversationEvent[] | { rejected: Refusal };
