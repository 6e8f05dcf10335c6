/** Keeps the simulator to the person at this machine, and the page to itself. */
import type { MiddlewareHandler } from "hono";

const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/**
 * Refuses any other `Host` (DNS rebinding), any `Origin` but our own (cross-site requests, also from other
 * ports of this machine), and what a browser says comes from another site.
 */
export const localOnly: MiddlewareHandler = async ({ req }, next) => {
  const host = req.header("host") ?? new URL(req.url).host;
  const origin = req.header("origin");
  const site = req.header("sec-fetch-site") ?? "none";
  const mode = req.header("sec-fetch-mode") ?? "navigate";
  const isOurs = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  const isAsked = site === "none" || site === "same-origin" || (mode === "navigate" && req.method === "GET");
  if (localHost.test(host) && isOurs && isAsked) return next();
  return Response.json(
    { error: "Only programs and pages of this machine are answered here, at localhost." },
    { status: 403 },
  );
};

const policy = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join("; ");

export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const headers = {
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  };
  for (const [name, value] of Object.entries(headers))
    if (!context.res.headers.has(name)) context.res.headers.set(name, value);
};
