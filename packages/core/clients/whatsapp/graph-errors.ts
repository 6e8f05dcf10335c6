/**
 * What to do about an error of the Graph API. Source: Cloud API, "Error codes" (15 May 2026): branch on the
 * code, never on the text, which is prose and may hold a phone number.
 */
import type { Retry } from "../../events/conversation.ts";
import type { SendOutcome } from "./whatsapp.ts";

type Effect = { retry: Retry } | "uncertain";
type Row = {
  reason: string;
  effect: Effect;
  codes: readonly (number | readonly [from: number, to: number])[];
};

const later: Effect = { retry: "later" };
const never: Effect = { retry: "never" };

/** By code. A listed code proves that nothing was sent, except among faults, where nobody knows. */
const table: readonly Row[] = [
  { reason: "rate-limited", effect: later, codes: [4, 80007, 130429, 131057] },
  { reason: "pair-rate-limited", effect: later, codes: [131056] },
  { reason: "service-fault", effect: "uncertain", codes: [1, 2, 131000, 131016, 133004, 2494100] },
  { reason: "service-window-closed", effect: { retry: "template" }, codes: [131047] },
  { reason: "marketing-limited", effect: never, codes: [131048, 131049] },
  {
    reason: "recipient-unreachable",
    effect: never,
    codes: [131026, 131050, 131021, 131030, 130472, [131062, 131064], 137000],
  },
  {
    reason: "request-invalid",
    effect: never,
    codes: [
      33,
      100,
      131008,
      131009,
      131051,
      [132000, 132001],
      132005,
      132007,
      132008,
      132012,
      132015,
      132016,
      132068,
      132069,
    ],
  },
  { reason: "media-rejected", effect: { retry: "other-form" }, codes: [131052, 131053] },
  {
    reason: "account-blocked",
    effect: never,
    codes: [0, 3, 10, 190, [200, 299], 368, 131005, 131031, 130497, 131037, 131042, 131044, 131045],
  },
  {
    reason: "not-supported",
    effect: never,
    codes: [131020, 131041, [131201, 131215], [138000, 138013], [139100, 139103], [147001, 147005]],
  },
];

/** The outcome of a send that was answered with an error. What Meta calls transient may have had its effect. */
export const classify = (
  httpStatus: number,
  code?: number,
  isTransient = false,
): Exclude<SendOutcome, { outcome: "sent" }> => {
  const row =
    code === undefined ? undefined : table.find(({ codes }) => codes.some((known) => covers(known, code)));
  const { reason, effect } = row ?? byStatus(httpStatus, isTransient);
  if (effect === "uncertain") return { outcome: "uncertain", reason };
  return { outcome: "refused", retry: effect.retry, reason, ...(code !== undefined && { code }) };
};

const covers = (known: Row["codes"][number], code: number): boolean =>
  typeof known === "number" ? known === code : known[0] <= code && code <= known[1];

const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

/** For codes that nobody documented: a 4xx says no; anything else may have been too late to say so. */
const byStatus = (httpStatus: number, isTransient: boolean): Omit<Row, "codes"> => {
  if (httpStatus === TOO_MANY_REQUESTS) return { reason: "rate-limited", effect: later };
  const isRefusal = httpStatus >= 400 && httpStatus < 500 && httpStatus !== REQUEST_TIMEOUT && !isTransient;
  return { reason: `http-${httpStatus}`, effect: isRefusal ? never : "uncertain" };
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
export const classifyFailure = (error: unknown): Exclude<SendOutcome, { outcome: "sent" }> => {
  if (error instanceof Error && error.name === "TimeoutError")
    return { outcome: "uncertain", reason: "timeout" };
  return neverConnected(error)
    ? { outcome: "refused", retry: "later", reason: "not-connected" }
    : { outcome: "uncertain", reason: "connection-lost" };
};

/** Node wraps the cause; where a host has several addresses, every one must have failed. */
const neverConnected = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverConnected);
  if ("code" in error && notConnected.has(error.code)) return true;
  return error.cause !== undefined && neverConnected(error.cause);
};
