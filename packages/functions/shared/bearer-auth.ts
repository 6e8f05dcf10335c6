import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { problem } from "./http.ts";

/** Lets requests pass that bear one of the keys; several while one replaces another. Open paths need none. */
export const bearerAuth = (apiKeys: readonly string[], openPaths: readonly string[]): MiddlewareHandler => {
  const accepted = apiKeys.map(sha256);
  return async (c, next) => {
    const [, given] = bearer.exec(c.req.header("authorization") ?? "") ?? [];
    if (openPaths.includes(c.req.path) || (given && isAccepted(sha256(given), accepted))) return next();
    c.header("www-authenticate", "Bearer");
    return problem(c, "unauthorized");
  };
};

const bearer = /^bearer (\S{1,512})$/i;

/** Hashes have one length, and every one is compared: the time taken tells nothing. */
const isAccepted = (given: Buffer, accepted: readonly Buffer[]): boolean =>
  accepted.map((key) => timingSafeEqual(key, given)).includes(true);

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
