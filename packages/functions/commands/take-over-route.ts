import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import type { HandleDeps } from "#core/store/handle.ts";
import { answerDecided, By, commandAnswers, json, limitBody } from "#functions/http/command-route.ts";
import { ConversationParams } from "#functions/http/conversation-params.ts";
import { secured } from "#functions/http/describe.ts";
import { resumeBot, takeOver } from "./take-over.ts";

const common = {
  method: "post",
  security: secured,
  middleware: limitBody,
  request: { params: ConversationParams, body: json(z.strictObject({ by: By }), { by: "ana" }) },
  responses: commandAnswers,
} as const;

const takeOverRoute = createRoute({
  ...common,
  path: "/conversations/{id}/take-over",
  operationId: "takeOver",
  summary: "A person takes the conversation",
  description: "From here on the bot sends nothing that it had not begun to. Repeating it changes nothing.",
});

const resumeRoute = createRoute({
  ...common,
  path: "/conversations/{id}/resume",
  operationId: "resume",
  summary: "The bot has the conversation again",
  description: "It answers from the next message on. Repeating it changes nothing.",
});

export const takeOverRoutes = (app: OpenAPIHono, deps: HandleDeps) =>
  app
    .openapi(takeOverRoute, async (c) =>
      answerDecided(c, await takeOver(deps, c.req.valid("param").id, c.req.valid("json"))),
    )
    .openapi(resumeRoute, async (c) =>
      answerDecided(c, await resumeBot(deps, c.req.valid("param").id, c.req.valid("json"))),
    );
