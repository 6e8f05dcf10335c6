/** The errors that the simulated Graph API knows, with the words and HTTP status of Meta's ("Error codes"). */

type MetaError = { http: 400 | 401 | 403 | 404 | 429 | 500; title: string; details: string };

const table = {
  100: { http: 400, title: "Invalid parameter", details: "Invalid parameter." },
  190: { http: 401, title: "Invalid OAuth access token", details: "The access token has expired." },
  368: {
    http: 403,
    title: "Temporarily blocked for policies violations",
    details: "The WhatsApp Business Account is restricted or disabled for violating a platform policy.",
  },
  130429: { http: 429, title: "Rate limit hit", details: "Cloud API message throughput has been reached." },
  131000: { http: 500, title: "Something went wrong", details: "Message failed to send: unknown error." },
  131008: { http: 400, title: "Required parameter is missing", details: "A parameter is missing." },
  131009: { http: 400, title: "Parameter value is not valid", details: "A parameter is not valid." },
  131026: { http: 400, title: "Message undeliverable", details: "Message Undeliverable." },
  131047: {
    http: 400,
    title: "Re-engagement message",
    details:
      "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
  },
  131053: {
    http: 400,
    title: "Media upload error",
    details: "The file is not of a type that can be sent as this kind of message.",
  },
  131056: {
    http: 429,
    title: "(Business Account, Consumer Account) pair rate limit hit",
    details: "Too many messages were sent from this number to the same phone number in a short time.",
  },
  132000: {
    http: 400,
    title: "Number of parameters does not match the expected number of params",
    details: "The number of parameters is not that of the template.",
  },
  132001: {
    http: 404,
    title: "Template name does not exist in the translation",
    details: "There is no such template in that language.",
  },
} as const satisfies Record<number, MetaError>;

export type ErrorCode = keyof typeof table;
/** A refusal; `details` where there is more to say than the table does. */
export type GraphError = { code: ErrorCode; details?: string };

/** The answer to a call that is refused. */
export const refusal = ({ code, details }: GraphError, traceId: string): Response => {
  const { http, title, details: usual }: MetaError = table[code];
  const error = {
    message: `(#${code}) ${title}`,
    type: "OAuthException",
    code,
    error_data: { messaging_product: "whatsapp", details: details ?? usual },
    fbtrace_id: traceId,
  };
  return Response.json({ error }, { status: http });
};

/** The same as a status reports it. */
export const statusError = (code: ErrorCode) => ({
  code,
  title: table[code].title,
  message: table[code].title,
  error_data: { details: table[code].details },
  href: "/documentation/business-messaging/whatsapp/support/error-codes",
});
