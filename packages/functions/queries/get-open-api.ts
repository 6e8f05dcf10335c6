import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { secured } from "#functions/http/describe.ts";

const route = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "getOpenApi",
  summary: "This document",
  security: [],
  responses: { 200: { description: "An OpenAPI 3.1 document." } },
});

/** The API's own description, made from the very schemas that the routes go by. Open to all. */
export const getOpenApi = (app: OpenAPIHono) => {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API key.",
  });
  let document: ReturnType<typeof describe> | undefined;
  return app.openapi(route, (c) => c.json((document ??= describe(app))));
};

const describe = (app: OpenAPIHono) =>
  app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Hilo API",
      version: "1",
      description:
        "Reads conversations, as they are and as they were, and takes what a person decides about them. Versions count up from 1 within a " +
        "conversation; ids and cursors mean nothing to callers. Every instant is ISO 8601 in UTC. Errors are problems (RFC 9457).",
    },
    servers: [{ url: "/" }],
    security: secured,
  });
