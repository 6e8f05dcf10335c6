import { z } from "@hono/zod-openapi";
import { parseConversationStream } from "#core/events/stream.ts";

export const exampleId = "conversation-01JNQ4Z8V0R2M6T9XKBC3D5EFG-100000000000001";

export const ConversationParams = z.object({
  id: z
    .string()
    .refine((id) => parseConversationStream(id) !== undefined)
    .openapi({
      param: {
        description: "The conversation's id, as the list of conversations has it.",
        example: exampleId,
      },
    }),
});
