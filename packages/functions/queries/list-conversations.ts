import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { ConversationState } from "#core/views/conversation-list.ts";
import { problem } from "#functions/http/http.ts";
import { Conversation, exampleConversation } from "./get-conversation.ts";
import { newestFirst, Position } from "./newest-first.ts";
import { answer, pageOf, refusals, secured } from "#functions/http/describe.ts";
import { Cursor, Limit, type QueryDeps } from "./query.ts";

const States = z
  .string()
  .max(100)
  .transform((text) => [...new Set(text.split(","))])
  .pipe(z.array(ConversationState))
  .default(ConversationState.options)
  .openapi({
    type: "array",
    items: { type: "string", enum: ConversationState.options },
    default: ConversationState.options,
    param: {
      style: "form",
      explode: false,
      description:
        "Who has the conversation: one state or more, separated by commas. All of them by default.",
      example: ["needs-human", "human"],
    },
  });

const route = createRoute({
  method: "get",
  path: "/conversations",
  operationId: "listConversations",
  summary: "Conversations, newest updated first",
  description:
    "One that is updated while you page moves to the top: it does not come twice, and to see it you start again.",
  security: secured,
  request: { query: z.strictObject({ state: States, limit: Limit, cursor: Cursor }) },
  responses: {
    200: answer(pageOf(Conversation), "A page of conversations.", { items: [exampleConversation] }),
    ...refusals,
  },
});

export const listConversations = (app: OpenAPIHono, { cursors, ...deps }: QueryDeps) =>
  app.openapi(route, async (c) => {
    const { state, limit, cursor } = c.req.valid("query");
    const query = ["list-conversations", ...state.toSorted()];
    const from = cursor === undefined ? undefined : cursors.read(query, cursor, Position);
    if (cursor !== undefined && !from) return problem(c, "invalid-cursor");
    const { items, next } = await newestFirst(deps, state, from, limit);
    return c.json({ items, ...(next && { next: cursors.write(query, next) }) }, 200);
  });
