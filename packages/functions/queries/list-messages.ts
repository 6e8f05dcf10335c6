import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { itemsAt, openItem } from "#core/store/project.ts";
import { transcript, TranscriptMessage } from "#core/views/transcript.ts";
import { ConversationParams } from "#functions/http/conversation-params.ts";
import { problem } from "#functions/http/http.ts";
import { momentText, versionAt, type NoMoment } from "./moment.ts";
import { answer, named, notThen, pageOf, refusals, secured } from "#functions/http/describe.ts";
import { At, Cursor, Limit, type QueryDeps } from "./query.ts";

const Message = named("Message", TranscriptMessage, "What was said, and how far it has come.");

const Messages = pageOf(Message).extend({
  version: z.int().openapi({
    description: "Every event up to this version is in it, or was asked for: later ones may be, too.",
  }),
});
type Messages = z.infer<typeof Messages>;

const example: Messages = {
  items: [
    {
      id: "k3J9x0mB7cQ",
      version: 3,
      from: "customer",
      at: "2026-03-02T09:00:00.000Z",
      content: { type: "text", text: "Are you open on Sundays?" },
    },
    {
      id: "01JNQ50A7X9WQ2C4E6G8JMPRTV",
      version: 6,
      from: "bot",
      at: "2026-03-02T09:00:01.500Z",
      content: { type: "text", text: "Yes, from 10 to 14." },
      status: "read",
    },
  ],
  version: 11,
};

const route = createRoute({
  method: "get",
  path: "/conversations/{id}/messages",
  operationId: "listMessages",
  summary: "What was said: the newest page, oldest first within it",
  description: "`next` leads further back. With `at`, every page shows the conversation as it was then.",
  security: secured,
  request: { params: ConversationParams, query: z.strictObject({ at: At, limit: Limit, cursor: Cursor }) },
  responses: { 200: answer(Messages, "A page of messages.", example), ...refusals, ...notThen },
});

type Wanted = { id: string; limit: number; cursor: string | undefined };

export const listMessages = (app: OpenAPIHono, deps: QueryDeps) =>
  app.openapi(route, async (c) => {
    const { at, limit, cursor } = c.req.valid("query");
    const request = { ...c.req.valid("param"), limit, cursor };
    const page = at ? await messagesThen(deps, request, at) : await messagesNow(deps, request);
    return typeof page === "string" ? problem(c, page) : c.json(page, 200);
  });

/** From the view. */
const messagesNow = async (
  deps: QueryDeps,
  { id, limit, cursor }: Wanted,
): Promise<Messages | NoMoment | "invalid-cursor"> => {
  const { store, views, cursors } = deps;
  const query = ["list-messages", id];
  const after = cursor === undefined ? undefined : cursors.read(query, cursor, z.string());
  if (cursor !== undefined && after === undefined) return "invalid-cursor";
  const view = await views.current(transcript.name);
  const version = await views.version(view, id);
  if (version === 0 && (await store.log.head(id)) === 0) return "unknown-conversation";
  const { items, next } = await views.list(view, {
    partition: id,
    limit,
    ...(after !== undefined && { after }),
  });
  const messages = await Promise.all(items.map((item) => openItem(deps, transcript, id, item)));
  return {
    items: messages.filter((message) => message !== undefined).toReversed(),
    version,
    ...(next !== undefined && { next: cursors.write(query, next) }),
  };
};

/** Folded from the log. The cursor keeps the version, so that an instant in the future does not move on with the clock. */
const Then = z.object({ version: z.int(), before: z.int() });

const messagesThen = async (
  { store, cursors }: QueryDeps,
  { id, limit, cursor }: Wanted,
  at: At,
): Promise<Messages | NoMoment | "invalid-cursor"> => {
  const query = ["list-messages", id, momentText(at)];
  const from = cursor === undefined ? undefined : cursors.read(query, cursor, Then);
  if (cursor !== undefined && !from) return "invalid-cursor";
  const version = from?.version ?? (await versionAt(store, id, at));
  if (typeof version === "string") return version;
  const messages = [...(await itemsAt(store, transcript, id, version)).values()];
  const older = messages
    .filter((message) => message.version < (from?.before ?? Number.POSITIVE_INFINITY))
    .toSorted((one, other) => one.version - other.version);
  const items = older.slice(-limit);
  const [first] = items;
  const next = first && older.length > limit && { version, before: first.version };
  return { items, version, ...(next && { next: cursors.write(query, next) }) };
};
