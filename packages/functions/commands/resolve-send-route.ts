import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import type { HandleDeps } from "#core/store/handle.ts";
import { answerDecided, By, commandAnswers, json, limitBody } from "#functions/http/command-route.ts";
import { ConversationParams } from "#functions/http/conversation-params.ts";
import { secured } from "#functions/http/describe.ts";
import { resolveSend } from "./resolve-send.ts";

const Body = z.strictObject({ how: z.enum(["resend", "drop"]), by: By });

const Params = ConversationParams.extend({
  sendId: z.string().openapi({
    param: { description: "The send's id, as /parked-sends has it.", example: "01JNQ50A7X9WQ2C4E6G8JMPRTV" },
  }),
});

const route = createRoute({
  method: "post",
  path: "/conversations/{id}/sends/{sendId}/resolution",
  operationId: "resolveSend",
  summary: "Sends a parked message again, or drops it",
  description:
    "Once: whoever comes second is told `send-not-parked`. Look first whether the customer has the message, since " +
    "sent again it may reach them twice.",
  security: secured,
  middleware: limitBody,
  request: { params: Params, body: json(Body, { how: "resend", by: "ana" }) },
  responses: commandAnswers,
});

export const resolveSendRoute = (app: OpenAPIHono, deps: HandleDeps) =>
  app.openapi(route, async (c) => {
    const { id, sendId } = c.req.valid("param");
    return answerDecided(c, await resolveSend(deps, id, { sendId, ...c.req.valid("json") }));
  });
