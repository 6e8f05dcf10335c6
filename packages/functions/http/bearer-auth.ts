import type { MiddlewareHandler } from "hono";
import { bearerToken, keyFinder } from "./api-keys.ts";
import { problem } from "./http.ts";

/** Lets requests pass that bear one of the keys; several while one replaces another. Open paths need none. */
export const bearerAuth = (apiKeys: readonly string[], openPaths: readonly string[]): MiddlewareHandler => {
  const find = keyFinder(apiKeys.map((token) => ({ token })));
  return async (c, next) => {
    if (openPaths.includes(c.req.path) || find(bearerToken(c.req.header("authorization")))) return next();
    c.header("www-authenticate", "Bearer");
    return problem(c, "unauthorized");
  };
};
