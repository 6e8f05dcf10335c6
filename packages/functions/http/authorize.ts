/**
 * Who may call the API: a REQUEST authorizer of API Gateway. Its answer is cached by the `Authorization`
 * header and then holds for every path, so the policy speaks of the whole API. The webhook has none: an
 * authorizer never sees a body, and so no signature.
 */
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { createHash } from "node:crypto";
import { bearerToken, keyFinder, type ApiKey, type Scope } from "./api-keys.ts";

export type Authorizer = (
  event: Pick<APIGatewayRequestAuthorizerEvent, "headers" | "methodArn">,
) => Promise<APIGatewayAuthorizerResult>;

/** API Gateway makes a 401 of exactly this message. */
export class Unauthorized extends Error {
  override name = "Unauthorized";
  override message = "Unauthorized";
}

const methods: Record<Scope, readonly string[]> = {
  read: ["GET", "HEAD", "OPTIONS"],
  write: ["POST", "PUT", "PATCH", "DELETE"],
};

export const authorize = ({ apiKeys }: { apiKeys: readonly ApiKey[] }): Authorizer => {
  const find = keyFinder(apiKeys);
  return async ({ headers, methodArn }) => {
    const key = find(bearerToken(headerOf(headers)));
    if (!key) throw new Unauthorized();
    return {
      principalId: nameOf(key.token),
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Action: "execute-api:Invoke", Effect: "Allow", Resource: resourcesOf(methodArn, key.scopes) },
        ],
      },
      context: { scopes: key.scopes.join(" ") },
    };
  };
};

const headerOf = (headers: APIGatewayRequestAuthorizerEvent["headers"]): string | undefined =>
  Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "authorization")?.[1];

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`: all paths of the stage. */
const resourcesOf = (methodArn: string, scopes: readonly Scope[]): string[] => {
  const [api, stage] = methodArn.split("/");
  return scopes.flatMap((scope) => methods[scope].map((method) => `${api}/${stage}/${method}/*`));
};

/** For logs: enough to tell keys apart, nothing to call with. */
const nameOf = (token: string): string =>
  `key-${createHash("sha256").update(token).digest("hex").slice(0, 12)}`;
