import type { EventOf } from "../../../packages/core/events/conversation.ts";
import { decidedAt } from "../../shared/history.ts";

/** One writer's one message. */
export const messageOf = (writer: number, step: number): EventOf<"MessageReceived"> => ({
  type: "MessageReceived",
  data: {
    messageId: `message-${writer}-${step}`,
    digest: `digest-${writer}-${step}`,
    wamid: `wamid.${writer}-${step}`,
    sentAt: decidedAt(1),
    content: { type: "text", text: "¿A qué hora abrís el sábado? Queremos ir cuatro personas." },
  },
});
