/** API Gateway at home: a Lambda handler behind an HTTP route. */
import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { bodyBytesMax } from "#core/clients/whatsapp/parse-body.ts";
import type { HttpHandler } from "#functions/commands/receive-webhook.ts";

/** Nothing larger is even read. */
export const limitBody = bodyLimit({
  maxSize: bodyBytesMax,
  onError: (context) => context.text("too-large", 413),
});

export const toLambda =
  (handler: HttpHandler, accepted: (rawBody: Uint8Array) => void = () => {}) =>
  async (context: Context): Promise<Response> => {
    const rawBody = Buffer.from(await context.req.arrayBuffer());
    const {
      statusCode,
      headers = {},
      body,
    } = await handler({
      httpMethod: context.req.method,
      path: context.req.path,
      headers: context.req.header(),
      queryStringParameters: context.req.query(),
      body: rawBody.toString("base64"),
      isBase64Encoded: true,
    } as unknown as APIGatewayProxyEvent);
    if (statusCode === 200 && context.req.method === "POST") accepted(rawBody);
    return new Response(body, { status: statusCode, headers: headers as Record<string, string> });
  };
