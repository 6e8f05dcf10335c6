import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { ConversationEvent } from "#core/events/conversation.ts";
import { readConversation } from "#core/store/read-conversation.ts";
import type { ConversationRecord } from "#core/views/view.ts";
import { ConversationParams, exampleId } from "#functions/http/conversation-params.ts";
import { problem } from "#functions/http/http.ts";
import { momentText, versionAt, type NoMoment } from "./moment.ts";
import { answer, named, notThen, pageOf, refusals, secured } from "#functions/http/describe.ts";
import { At, Cursor, Limit, Version, type QueryDeps } from "./query.ts";

const Recorded = z
  .object({
    stream: z.string().openapi({ description: "The conversation's id." }),
    version: z.int().positive().openapi({ description: "Counts from 1, without gaps." }),
    at: z.string().openapi({ description: "When it was recorded." }),
    commitId: z.string().openapi({ description: "The same for all events of one decision." }),
    causationId: z.string().optional().openapi({ description: "The event whose handling led to this one." }),
  })
  .openapi("Recorded", { description: "Where and when an event was recorded." });

const Event = named("Event", ConversationEvent, "What happened.");

const Events = pageOf(Event.and(Recorded)).extend({
  version: z.int().openapi({ description: "The version up to which there are events now, or were then." }),
});
type Events = z.infer<typeof Events>;

const example: Events = {
  items: [
    {
      type: "ConversationStarted",
      data: {
        contactId: "01JNQ4Z8V0R2M6T9XKBC3D5EFG",
        phoneNumberId: "100000000000001",
        businessAccountId: "200000000000001",
      },
      stream: exampleId,
      version: 1,
      at: "2026-03-02T09:00:00.000Z",
      commitId: "01JNQ4Z8V1A3C5E7G9JBKMNPQR",
    },
  ],
  version: 11,
};

const route = createRoute({
  method: "get",
  path: "/conversations/{id}/events",
  operationId: "listEvents",
  summary: "What happened, oldest first",
  description:
    "The log itself, decrypted; what belongs to an erased person reads `[erased]`. To follow a conversation, ask again with `from` set to `version` + 1.",
  security: secured,
  request: {
    params: ConversationParams,
    query: z.strictObject({
      at: At,
      from: Version.optional().openapi({ param: { description: "The version of the first event wanted." } }),
      limit: Limit,
      cursor: Cursor,
    }),
  },
  responses: { 200: answer(Events, "A page of events.", example), ...refusals, ...notThen },
});

type Wanted = { id: string; at: At | undefined; from: number; limit: number; cursor: string | undefined };

export const listEvents = (app: OpenAPIHono, deps: QueryDeps) =>
  app.openapi(route, async (c) => {
    const { at, from = 1, limit, cursor } = c.req.valid("query");
    const page = await eventsOf(deps, { ...c.req.valid("param"), at, from, limit, cursor });
    return typeof page === "string" ? problem(c, page) : c.json(page, 200);
  });

/** `to` is kept when a moment was asked for: an instant in the future must not move on with the clock. */
const Position = z.object({ from: z.int(), to: z.int().optional() });

const eventsOf = async (
  { store, cursors }: QueryDeps,
  { id, at, from, limit, cursor }: Wanted,
): Promise<Events | NoMoment | "invalid-cursor"> => {
  const query = ["list-events", id, String(from), ...(at ? [momentText(at)] : [])];
  const position = cursor === undefined ? { from } : cursors.read(query, cursor, Position);
  if (!position) return "invalid-cursor";
  const version = position.to ?? (await versionAt(store, id, at));
  if (typeof version === "string") return version;
  const events: ConversationRecord[] = [];
  for await (const page of readConversation(store, id, {
    from: position.from,
    to: version,
    pageSize: limit + 1,
  })) {
    events.push(...page);
    if (events.length > limit) break;
  }
  const more = events[limit] && { from: events[limit].version, ...(at && { to: version }) };
  return { items: events.slice(0, limit), version, ...(more && { next: cursors.write(query, more) }) };
};
