/**
 * What to do about an error of the Graph API: by its code and details, never by its text (Cloud API, "Error
 * codes"), which is prose and may hold a phone number. The rows are in error-table.ts.
 */
import type { MetaError } from "../../events/content.ts";
import type { Remedy, Retry } from "../../events/conversation.ts";
import { errorTable, otherwise, type ErrorRow, type Verdict } from "./error-table.ts";
import type { SendOutcome } from "./whatsapp.ts";

/** An error as the Graph API answers it. */
export type GraphError = {
  code: number;
  subcode?: number | undefined;
  details?: string | undefined;
  isTransient?: boolean | undefined;
};

type NotSent = Exclude<SendOutcome, { outcome: "sent" }>;

/**
 * The outcome of a send that was answered with an error. A code of the table proves that nothing was sent,
 * except among faults; what Meta calls transient may have had its effect.
 */
export const classify = (httpStatus: number, error?: GraphError): NotSent => {
  const row = error && rowOf(error);
  return outcomeOf(row ?? byStatus(httpStatus, error?.isTransient), httpStatus, error?.code);
};

const rowOf = ({ code, subcode, details }: Omit<GraphError, "isTransient">): ErrorRow | undefined =>
  errorTable.find(
    (row) =>
      row.codes.some((known) => covers(known, code)) &&
      (row.subcode === undefined || row.subcode === subcode) &&
      (row.details === undefined || row.details.test(details ?? "")),
  );

const covers = (known: ErrorRow["codes"][number], code: number): boolean =>
  typeof known === "number" ? known === code : known[0] <= code && code <= known[1];

const outcomeOf = ({ effect, reason: named, remedy }: Verdict, httpStatus = 0, code?: number): NotSent => {
  const reason = named.replace("<status>", String(httpStatus));
  if (effect === "uncertain") return { outcome: "uncertain", reason };
  return {
    outcome: "refused",
    retry: effect,
    reason,
    ...(code !== undefined && { code }),
    ...(remedy && { remedy }),
  };
};

const UNAUTHORIZED = 401;
const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

/** For codes that nobody documented: a 4xx says no; anything else may have been too late to say so. */
const byStatus = (httpStatus: number, isTransient = false): Verdict => {
  if (httpStatus === TOO_MANY_REQUESTS) return otherwise.throttled;
  if (httpStatus === UNAUTHORIZED) return otherwise.unauthorized;
  const isRefusal = httpStatus >= 400 && httpStatus < 500 && httpStatus !== REQUEST_TIMEOUT && !isTransient;
  return isRefusal ? otherwise.refused : otherwise.unclear;
};

/**
 * What may be done about a message that WhatsApp accepted and then reported as failed. `later` allows another
 * try and does not order one: it is a message of its own.
 */
export const classifyStatus = (
  errors: readonly Pick<MetaError, "code" | "details">[],
): { retry: Retry; reason: string; remedy?: Remedy } => {
  const row = errors.map(rowOf).find((row) => row !== undefined);
  if (!row) {
    return errors.length > 0
      ? { retry: "never", reason: "unknown-error", remedy: "alert-developer" }
      : { retry: "never", reason: "unexplained" };
  }
  const { effect, reason, remedy } = row;
  return { retry: effect === "uncertain" ? "later" : effect, reason, ...(remedy && { remedy }) };
};

/** Failures from before a connection stood, so that no byte of the request left. */
const notConnected: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The outcome of a send that was not answered. */
export const classifyFailure = (error: unknown): NotSent => {
  if (error instanceof Error && error.name === "TimeoutError") return outcomeOf(otherwise.timeout);
  return outcomeOf(neverConnected(error) ? otherwise.notConnected : otherwise.connectionLost);
};

/** Node wraps the cause; where a host has several addresses, every one must have failed. */
const neverConnected = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverConnected);
  if ("code" in error && notConnected.has(error.code)) return true;
  return error.cause !== undefined && neverConnected(error.cause);
};
