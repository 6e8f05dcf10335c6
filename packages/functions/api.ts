import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, Env } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { HandleDeps } from "#core/store/handle.ts";
import type { Media } from "#core/store/sealed-media.ts";
import { bearerAuth } from "./http/bearer-auth.ts";
import { cursors } from "./http/cursor.ts";
import { guardedHeaders, onInvalid, onUnexpected, problem } from "./http/http.ts";
import type { Log } from "./shared/log.ts";
import { resolveSendRoute } from "./commands/resolve-send-route.ts";
import { takeOverRoutes } from "./commands/take-over-route.ts";
import type { CostsDeps } from "./queries/costs.ts";
import { getCosts } from "./queries/get-costs.ts";
import { getContext } from "./queries/get-context.ts";
import { getConversation } from "./queries/get-conversation.ts";
import { getMedia } from "./queries/get-media.ts";
import { getHealth } from "./queries/get-health.ts";
import { getOpenApi } from "./queries/get-open-api.ts";
import { listConversations } from "./queries/list-conversations.ts";
import { listEvents } from "./queries/list-events.ts";
import { listMessages } from "./queries/list-messages.ts";
import { listParkedSends } from "./queries/list-parked-sends.ts";

type Guard = {
  /** Any of them opens everything. Several, while one replaces another. */
  apiKeys: readonly string[];
  log: Log;
};

export type CommandApiDeps = HandleDeps & Guard;

export type ApiDeps = CostsDeps &
  CommandApiDeps & {
    /** Signs the cursors. Changing it breaks off whatever is being paged through, and nothing else. */
    cursorSecret: Uint8Array;
    media: Pick<Media, "get">;
  };

const openPaths = ["/health", "/openapi.json"];

/** The API, queries and commands: one app, whatever serves it. It wants a key for all but its open paths. */
export const api = ({ cursorSecret, ...stores }: ApiDeps): OpenAPIHono => {
  const app = guarded(stores);
  const deps = { ...stores, cursors: cursors(cursorSecret) };
  listConversations(app, deps);
  getConversation(app, deps);
  listMessages(app, deps);
  listEvents(app, deps);
  getContext(app, deps);
  getMedia(app, deps);
  listParkedSends(app, deps);
  getCosts(app, deps);
  addCommands(app, deps);
  getHealth(app);
  getOpenApi(app);
  return app;
};

/** Its commands alone, for who serves them apart, with rights of their own. */
export const commandApi = (deps: CommandApiDeps): OpenAPIHono => {
  const app = guarded(deps);
  addCommands(app, deps);
  return app;
};

const addCommands = (app: OpenAPIHono, deps: HandleDeps): void => {
  resolveSendRoute(app, deps);
  takeOverRoutes(app, deps);
};

const guarded = ({ apiKeys, log }: Guard): OpenAPIHono => {
  const app = new OpenAPIHono<Env>({ defaultHook: onInvalid });
  app.onError(onUnexpected(log));
  app.notFound((c) => problem(c, "not-found"));
  app.use(guardedHeaders, bearerAuth(apiKeys, openPaths), methodNotAllowed({ app, onMethodNotAllowed }));
  return app;
};

const onMethodNotAllowed = (c: Context, methods: string[]): Response => {
  c.header("allow", methods.join(", "));
  return problem(c, "method-not-allowed");
};
