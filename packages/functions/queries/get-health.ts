import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";

const route = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  summary: "Whether this program answers",
  security: [],
  responses: {
    200: {
      description: "It does.",
      content: {
        "application/json": { schema: z.object({ status: z.literal("ok") }), example: { status: "ok" } },
      },
    },
  },
});

/** For whoever watches the process. It looks at no store. Open to all. */
export const getHealth = (app: OpenAPIHono) =>
  app.openapi(route, (c) => c.json({ status: "ok" as const }, 200));
