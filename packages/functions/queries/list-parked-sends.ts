import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { ParkedSend as CoreParkedSend } from "#core/views/parked-sends.ts";
import { exampleId } from "#functions/http/conversation-params.ts";
import { answer, named, pageOf, refusals, secured } from "#functions/http/describe.ts";
import { problem } from "#functions/http/http.ts";
import { parkedPage } from "./parked-page.ts";
import { Cursor, Limit, type QueryDeps } from "./query.ts";

const ParkedSend = named("ParkedSend", CoreParkedSend, "A message of which nobody knows what became.");
type ParkedSend = z.infer<typeof ParkedSend>;

const example: ParkedSend = {
  conversationId: exampleId,
  sendId: "01JNQ50A7X9WQ2C4E6G8JMPRTV",
  content: { type: "text", text: "Yes, from 10 to 14." },
  requestedAt: "2026-03-02T09:00:01.500Z",
  parkedAt: "2026-03-02T09:10:02.000Z",
};

const route = createRoute({
  method: "get",
  path: "/parked-sends",
  operationId: "listParkedSends",
  summary: "Sends that wait for a person, newest parked first",
  description: "Each until it is sent again or dropped, or a status tells that it went out after all.",
  security: secured,
  request: { query: z.strictObject({ limit: Limit, cursor: Cursor }) },
  responses: {
    200: answer(pageOf(ParkedSend), "A page of parked sends.", { items: [example] }),
    ...refusals,
  },
});

const query = ["list-parked-sends"];

export const listParkedSends = (app: OpenAPIHono, { cursors, ...deps }: QueryDeps) =>
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? undefined : cursors.read(query, cursor, z.string());
    if (cursor !== undefined && after === undefined) return problem(c, "invalid-cursor");
    const { items, next } = await parkedPage(deps, limit, after);
    return c.json({ items, ...(next !== undefined && { next: cursors.write(query, next) }) }, 200);
  });
