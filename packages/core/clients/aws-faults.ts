import { ModelFault } from "./model.ts";

type Kind = ModelFault["kind"];

/** By name, where the HTTP status does not tell. */
const kinds = new Map<string, Kind>([
  ["ThrottlingException", "throttled"],
  ["TooManyRequestsException", "throttled"],
  ["ServiceQuotaExceededException", "throttled"],
  ["ModelTimeoutException", "timeout"],
  ["AbortError", "timeout"],
  ["TimeoutError", "timeout"],
  ["ModelNotReadyException", "unavailable"],
  ["ModelErrorException", "unavailable"],
  ["DependencyFailedException", "unavailable"],
  ["ConflictException", "unavailable"],
  ["CredentialsProviderError", "invalid"],
  ["TokenProviderError", "invalid"],
]);

const words: Record<Kind, string> = {
  throttled: "too much was asked",
  timeout: "no answer in time",
  unavailable: "not available",
  invalid: "refused for good",
};

/**
 * What an error of an AWS SDK client means for whoever asked `service`; `hint` says how to mend it. The error's own
 * message, which may quote the input, is only the cause.
 */
export function awsFault(service: string, cause: unknown, hint?: string): ModelFault {
  const name = errorName(cause);
  const kind = kinds.get(name) ?? kindOfStatus(statusOf(cause));
  const message = `${service}: ${hint ?? words[kind]} (${name})`;
  return new ModelFault(kind, kind === "invalid" ? "never" : "later", message, { cause });
}

export const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** Without a status, nothing has answered at all. */
const kindOfStatus = (status = 0): Kind => {
  if (status === 429) return "throttled";
  return status >= 400 && status < 500 ? "invalid" : "unavailable";
};

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error
    ? (error as Error & { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
    : undefined;
