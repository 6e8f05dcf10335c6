import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { emptyContext, getContext as readContext } from "#core/store/get-context.ts";
import { withinBudget } from "#core/store/within-budget.ts";
import { itemsAt } from "#core/store/project.ts";
import { context, Context as CoreContext } from "#core/views/context.ts";
import { ConversationParams } from "#functions/http/conversation-params.ts";
import { problem } from "#functions/http/http.ts";
import { versionAt, type NoMoment } from "./moment.ts";
import { answer, named, notThen, refusals, secured } from "#functions/http/describe.ts";
import { At, Tokens, Version, type QueryDeps } from "./query.ts";

const Context = named("Context", CoreContext, "What the bot is shown before it answers.");
type Context = z.infer<typeof Context>;

const example: Context = {
  version: 11,
  language: "en",
  summary: { upTo: 2, text: "I'd like a table for four on Friday." },
  facts: [{ name: "name", value: "Ana" }],
  openQuestions: ["Is there parking?"],
  findings: [],
  session: { number: 2, lastAt: "2026-03-02T09:00:00.000Z" },
  turns: [
    {
      id: "Hl-yUQXV9_fAfVqtgCU8tg",
      version: 3,
      session: 2,
      from: "customer",
      at: "2026-03-02T09:00:00.000Z",
      kind: "text",
      text: "Are you open on Sundays?",
    },
    {
      id: "01JNQ4Z9A1B2C3D4E5F6G7H8J9",
      version: 6,
      session: 2,
      from: "business",
      at: "2026-03-02T09:00:01.500Z",
      kind: "text",
      text: "Yes, from 10 to 14.",
    },
  ],
};

const route = createRoute({
  method: "get",
  path: "/conversations/{id}/context",
  operationId: "getContext",
  summary: "What the bot knows, or knew",
  description:
    "The newest there is: events that the view still lacks are folded in. Empty when the person is erased.",
  security: secured,
  request: {
    params: ConversationParams,
    query: z.strictObject({
      at: At,
      atLeast: Version.optional().openapi({
        param: {
          description:
            "Old enough will do: anything from this version on, which can be quicker. Means nothing beside `at`.",
        },
      }),
      tokens: Tokens,
    }),
  },
  responses: { 200: answer(Context, "The context.", example), ...refusals, ...notThen },
});

export const getContext = (app: OpenAPIHono, deps: QueryDeps) =>
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { at, atLeast, tokens } = c.req.valid("query");
    const found = at ? await contextThen(deps, id, at) : await contextNow(deps, id, atLeast);
    return typeof found === "string" ? problem(c, found) : c.json(withinBudget(found, tokens), 200);
  });

const contextNow = async (
  { store, views }: QueryDeps,
  id: string,
  atLeast?: number,
): Promise<Context | NoMoment> => {
  const found = await readContext({ store, views }, id, atLeast);
  if (found.version === 0) return "unknown-conversation";
  return found.version < (atLeast ?? 0) ? "version-not-reached" : found;
};

const contextThen = async ({ store }: QueryDeps, id: string, at: At): Promise<Context | NoMoment> => {
  const version = await versionAt(store, id, at);
  if (typeof version === "string") return version;
  const found = (await itemsAt(store, context, id, version)).get("context") ?? emptyContext(version);
  return { ...found, version };
};
