import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, Env } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { ProjectDeps } from "#core/store/project.ts";
import { bearerAuth } from "#functions/shared/bearer-auth.ts";
import { cursors } from "#functions/shared/cursor.ts";
import { guardedHeaders, onInvalid, onUnexpected, problem } from "#functions/shared/http.ts";
import type { Log } from "#functions/shared/log.ts";
import { getContext } from "./get-context.ts";
import { getConversation } from "./get-conversation.ts";
import { getHealth } from "./get-health.ts";
import { getOpenApi } from "./get-open-api.ts";
import { listConversations } from "./list-conversations.ts";
import { listEvents } from "./list-events.ts";
import { listMessages } from "./list-messages.ts";

export type QueryAppDeps = ProjectDeps & {
  /** Any of them opens everything. Several, while one replaces another. */
  apiKeys: readonly string[];
  /** Signs the cursors. Changing it breaks off whatever is being paged through, and nothing else. */
  cursorSecret: Uint8Array;
  log: Log;
};

const openPaths = ["/health", "/openapi.json"];

/** The query API: one app, whatever serves it. It only reads, and wants a key for all but its open paths. */
export const queryApp = ({ store, views, apiKeys, cursorSecret, log }: QueryAppDeps): OpenAPIHono => {
  const app = new OpenAPIHono<Env>({ defaultHook: onInvalid });
  const deps = { store, views, cursors: cursors(cursorSecret) };
  app.onError(onUnexpected(log));
  app.notFound((c) => problem(c, "not-found"));
  app.use(guardedHeaders, bearerAuth(apiKeys, openPaths), methodNotAllowed({ app, onMethodNotAllowed }));
  listConversations(app, deps);
  getConversation(app, deps);
  listMessages(app, deps);
  listEvents(app, deps);
  getContext(app, deps);
  getHealth(app);
  getOpenApi(app);
  return app;
};

const onMethodNotAllowed = (c: Context, methods: string[]): Response => {
  c.header("allow", methods.join(", "));
  return problem(c, "method-not-allowed");
};
