/** What every HTTP answer of ours has in common. Errors are problems (RFC 9457). */
import { randomUUID } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { Context, ErrorHandler, MiddlewareHandler, TypedResponse } from "hono";
import type { ZodError } from "zod";
import { describeError, type Log } from "#functions/shared/log.ts";

/** Every problem there is, by the last part of its `type`. Callers tell them apart by it: add, never rename. */
export const problems = {
  "invalid-request": { status: 400, title: "The request is not valid", detail: "See `errors`." },
  "invalid-cursor": {
    status: 400,
    title: "The cursor is not valid",
    detail: "Pass `next` as it came, with the parameters of the request that it came from.",
  },
  unauthorized: {
    status: 401,
    title: "A valid API key is needed",
    detail: "Send `Authorization: Bearer <key>`.",
  },
  "not-found": { status: 404, title: "There is nothing here", detail: "/openapi.json lists every path." },
  "unknown-conversation": {
    status: 404,
    title: "There is no such conversation",
    detail: "It never was, is not shown yet, or its contact was erased.",
  },
  "not-yet": {
    status: 404,
    title: "The conversation had not begun",
    detail: "Its first event is later than `at`.",
  },
  "version-not-reached": {
    status: 404,
    title: "The conversation is not that far",
    detail: "The version asked for is greater than that of its last event.",
  },
  "no-media": {
    status: 404,
    title: "There is no file of this message",
    detail:
      "It came with none, or its file is not fetched yet, or can't be had: `media` of the message says which.",
  },
  "range-needed": {
    status: 400,
    title: "The file is larger than an answer may be",
    detail:
      "Ask for it in parts, with the header `Range: bytes=0-`, and go on where the answer's `Content-Range` ends.",
  },
  "range-not-satisfiable": {
    status: 416,
    title: "The file has no such part",
    detail: "`media` of the message says how large it is.",
  },
  "no-such-send": {
    status: 404,
    title: "The conversation has no such send",
    detail: "It never was, or was settled so long ago that it is forgotten.",
  },
  "method-not-allowed": {
    status: 405,
    title: "The method is not allowed here",
    detail: "See the header `Allow`.",
  },
  "send-not-parked": {
    status: 409,
    title: "The send is not parked",
    detail: "It is under way, settled, or decided about already: /parked-sends lists those that wait.",
  },
  "conversation-moved": {
    status: 409,
    title: "The conversation goes on as another",
    detail: "Its contact turned out to be another's: whoever holds that one holds the conversation.",
  },
  "body-too-large": { status: 413, title: "The body is too large", detail: "It may have 16 KB." },
  "internal-error": {
    status: 500,
    title: "Something went wrong here",
    detail: "Nothing is wrong with the request. Whoever asks about it should quote `instance`.",
  },
} as const;
export type ProblemName = keyof typeof problems;

export const Problem = z
  .object({
    type: z.string().openapi({
      description: "Which problem it is: a stable name to tell problems apart by.",
      enum: Object.keys(problems).map((name) => `/problems/${name}`),
    }),
    title: z.string().openapi({ description: "The same for every occurrence." }),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional().openapi({ description: "This occurrence, as our log names it." }),
    errors: z
      .array(
        z.object({
          parameter: z.string().optional().openapi({ description: "The parameter that is wrong." }),
          pointer: z.string().optional().openapi({ description: "Where in the body, as a JSON pointer." }),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .openapi("Problem", { description: "An error (RFC 9457). It never quotes what was sent." });
export type Problem = z.infer<typeof Problem>;

/** The answer that tells of a problem. */
export const problem = <Name extends ProblemName>(
  c: Context,
  name: Name,
  more: Pick<Problem, "instance" | "errors"> = {},
): ProblemResponse<Name> => {
  const body: Problem = { type: `/problems/${name}`, ...problems[name], ...more };
  return c.json(body, body.status as 400, {
    "content-type": "application/problem+json",
  }) as Response as ProblemResponse<Name>;
};

/** One type per problem, so that a route can only answer with those that it documents. */
type ProblemResponse<Name extends ProblemName> = Name extends ProblemName
  ? Response & TypedResponse<Problem, (typeof problems)[Name]["status"], "json">
  : never;

/** For `OpenAPIHono`: what to say when a request is not as its route's schemas want it. */
export const onInvalid = (result: { success: boolean; target: string; error?: ZodError }, c: Context) => {
  if (result.success) return undefined;
  if (result.target === "param") return problem(c, "unknown-conversation");
  const where = result.target === "json" ? pointer : parameter;
  return problem(c, "invalid-request", {
    errors: result.error?.issues.map((issue) => ({ ...where(issue.path), detail: sayWhy(issue) })) ?? [],
  });
};

/** Says that something went wrong and logs what, under an id that tells an outsider nothing. */
export const onUnexpected =
  (log: Log): ErrorHandler =>
  (error, c) => {
    if (error instanceof HTTPException && error.status === 400)
      return problem(c, "invalid-request", { errors: [{ pointer: "", detail: "The body is not JSON." }] });
    const incident = randomUUID();
    log("error", "request failed", { incident, error: describeError(error) });
    return problem(c, "internal-error", { instance: `urn:uuid:${incident}` });
  };

/** Answers are personal data: nobody may keep them, nor guess at their type. */
export const guardedHeaders: MiddlewareHandler = (c, next) => {
  c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  return next();
};

type Issue = ZodError["issues"][number];

const parameter = (path: Issue["path"]) => (path.length > 0 ? { parameter: String(path[0]) } : {});

const pointer = (path: Issue["path"]) => ({ pointer: path.map((part) => `/${String(part)}`).join("") });

/** zod's words, but for those that quote the request. */
const sayWhy = ({ code, message }: Issue): string =>
  code === "unrecognized_keys" ? "Unknown parameter: /openapi.json lists those there are." : message;
