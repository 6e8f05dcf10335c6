/**
 * WhatsApp's webhook. The signature is checked before anything is read; every update in it is stored before
 * `200` is said (D4), each on its own. Faults are 5xx, and Meta comes again; only what will never become
 * readable is a 4xx.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { bodyBytesMax, parseBody, UnreadableBody } from "#core/clients/whatsapp/parse-body.ts";
import { verifySignature, verifyToken } from "#core/clients/whatsapp/signature.ts";
import { parseWebhook } from "#core/clients/whatsapp/webhook.ts";
import { receiveUpdates, type ReceiveDeps } from "#functions/receiving/receive-updates.ts";
import { describeError } from "#functions/shared/log.ts";

export type ReceiveWebhookDeps = ReceiveDeps & {
  /** One, or two while one replaces the other. */
  appSecrets: readonly string[];
  verifyToken: string;
};

export type HttpHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

export const receiveWebhook =
  (deps: ReceiveWebhookDeps): HttpHandler =>
  async (event) => {
    try {
      return event.httpMethod === "GET" ? confirmSubscription(deps, event) : await receive(deps, event);
    } catch (error) {
      if (error instanceof UnreadableBody)
        return refuse(deps, error.reason === "too-large" ? 413 : 400, error.reason);
      deps.log("error", "webhook failed", { error: describeError(error) });
      return { statusCode: 500, body: "" };
    }
  };

const receive = async (
  deps: ReceiveWebhookDeps,
  event: APIGatewayProxyEvent,
): Promise<APIGatewayProxyResult> => {
  const rawBody = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  if (rawBody.length > bodyBytesMax) throw new UnreadableBody("too-large");
  if (!verifySignature(rawBody, header(event, "x-hub-signature-256"), deps.appSecrets))
    return refuse(deps, 401, "bad-signature");
  const receivedAt = deps.clock().toISOString();
  await receiveUpdates(deps, parseWebhook(parseBody(rawBody), { ...deps.pseudonyms, receivedAt }));
  return { statusCode: 200, body: "" };
};

/** Meta's question when the webhook is registered: the answer is its challenge, as it came. */
const confirmSubscription = (
  deps: ReceiveWebhookDeps,
  { queryStringParameters }: APIGatewayProxyEvent,
): APIGatewayProxyResult => {
  const query = queryStringParameters ?? {};
  const asked = query["hub.mode"] === "subscribe" && verifyToken(query["hub.verify_token"], deps.verifyToken);
  return asked
    ? {
        statusCode: 200,
        headers: { "content-type": "text/plain", "x-content-type-options": "nosniff" },
        body: query["hub.challenge"] ?? "",
      }
    : refuse(deps, 403, "wrong-verify-token");
};

const refuse = ({ log }: ReceiveWebhookDeps, statusCode: number, reason: string): APIGatewayProxyResult => {
  log("warn", "webhook refused", { status: statusCode, reason });
  return { statusCode, headers: { "content-type": "text/plain" }, body: reason };
};

const header = ({ headers }: APIGatewayProxyEvent, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
