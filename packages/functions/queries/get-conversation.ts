import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { itemsAt, openItem } from "#core/store/project.ts";
import { conversationList, ConversationSummary } from "#core/views/conversation-list.ts";
import { ConversationParams, exampleId } from "#functions/http/conversation-params.ts";
import { problem } from "#functions/http/http.ts";
import { versionAt, type NoMoment } from "./moment.ts";
import { answer, named, notThen, refusals, secured } from "#functions/http/describe.ts";
import { At, type QueryDeps } from "./query.ts";

export const Conversation = named(
  "Conversation",
  ConversationSummary,
  "Who, how far, who has it, what was said last.",
);

export const exampleConversation: ConversationSummary = {
  id: exampleId,
  contactId: "01JNQ4Z8V0R2M6T9XKBC3D5EFG",
  phoneNumberId: "100000000000001",
  state: "bot",
  contact: { name: "Sample Customer", phone: "15550100001" },
  language: "en",
  received: 1,
  sent: 1,
  last: { from: "business", at: "2026-03-02T09:00:01.500Z", preview: "Yes, from 10 to 14." },
  startedAt: "2026-03-02T09:00:00.000Z",
  updatedAt: "2026-03-02T09:00:04.000Z",
  version: 11,
};

const route = createRoute({
  method: "get",
  path: "/conversations/{id}",
  operationId: "getConversation",
  summary: "One conversation, as it is or as it was",
  security: secured,
  request: { params: ConversationParams, query: z.strictObject({ at: At }) },
  responses: { 200: answer(Conversation, "The conversation.", exampleConversation), ...refusals, ...notThen },
});

export const getConversation = (app: OpenAPIHono, deps: QueryDeps) =>
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { at } = c.req.valid("query");
    const summary = at ? await summaryAt(deps, id, at) : await summaryNow(deps, id);
    return typeof summary === "string" ? problem(c, summary) : c.json(summary, 200);
  });

const summaryNow = async (deps: QueryDeps, id: string): Promise<ConversationSummary | NoMoment> => {
  const [stored] = await deps.views.items(await deps.views.current(conversationList.name), id, [key]);
  return (stored && (await openItem(deps, conversationList, id, stored))) ?? "unknown-conversation";
};

const summaryAt = async (
  { store }: QueryDeps,
  id: string,
  at: At,
): Promise<ConversationSummary | NoMoment> => {
  const version = await versionAt(store, id, at);
  if (typeof version === "string") return version;
  return (await itemsAt(store, conversationList, id, version)).get(key) ?? "unknown-conversation";
};

/** The only item that this view has of a conversation. */
const key = "summary";
