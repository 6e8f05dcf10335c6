import { ModelFault } from "./model.ts";

const never = new Set([
  "AccessDeniedException",
  "ResourceNotFoundException",
  "ValidationException",
  "UnrecognizedClientException",
  "ExpiredTokenException",
  "CredentialsProviderError",
]);
const throttled = new Set([
  "ThrottlingException",
  "TooManyRequestsException",
  "ServiceQuotaExceededException",
]);

/**
 * What an error of an AWS SDK client means for whoever asked, and whether they gave up waiting. Its message, which may
 * quote the input, is only the cause.
 */
export function awsFault(service: string, cause: unknown, gaveUp: AbortSignal): ModelFault {
  const name = cause instanceof Error ? cause.name : "unknown";
  const say = (what: string) => `${service}: ${what} (${name})`;
  if (never.has(name)) return new ModelFault("invalid", "never", say("refused for good"), { cause });
  if (throttled.has(name)) return new ModelFault("throttled", "later", say("too much asked"), { cause });
  if (gaveUp.aborted || name === "TimeoutError")
    return new ModelFault("timeout", "later", say("no answer in time"), { cause });
  return new ModelFault("unavailable", "later", say("not available"), { cause });
}
