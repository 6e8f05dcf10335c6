/** What Bedrock's errors mean to whoever asked. Source: "Converse", "Errors", and "Troubleshooting tool calls". */
import { type Declined, ModelFault } from "../model.ts";

type Verdict = { kind: ModelFault["kind"]; retry: ModelFault["retry"]; hint?: string };

const later = (kind: ModelFault["kind"]): Verdict => ({ kind, retry: "later" });
const never = (hint: string): Verdict => ({ kind: "invalid", retry: "never", hint });
const credentials = never("Bedrock has no AWS credentials that work: set AWS_PROFILE, or sign in again");

const verdicts = new Map<string, Verdict>([
  ["ThrottlingException", later("throttled")],
  ["TooManyRequestsException", later("throttled")],
  ["ServiceQuotaExceededException", later("throttled")],
  ["ModelTimeoutException", later("timeout")],
  ["AbortError", later("timeout")],
  ["TimeoutError", later("timeout")],
  ["ServiceUnavailableException", later("unavailable")],
  ["InternalServerException", later("unavailable")],
  ["ModelNotReadyException", later("unavailable")],
  ["ModelErrorException", later("unavailable")],
  ["ValidationException", never("Bedrock found the request invalid")],
  [
    "AccessDeniedException",
    never("Bedrock denies access: allow bedrock:InvokeModel on the inference profile and its models"),
  ],
  ["ResourceNotFoundException", never("Bedrock does not know this model or guardrail in this region")],
  ["CredentialsProviderError", credentials],
  ["TokenProviderError", credentials],
  ["ExpiredTokenException", credentials],
  ["UnrecognizedClientException", credentials],
  ["InvalidSignatureException", credentials],
  ["IncompleteSignatureException", credentials],
]);

/** Of a request that failed: a fault, or why the model has no answer. `model` is named to whoever mends it. */
export const meaningOf = (error: unknown, model: string): ModelFault | Declined["declined"] => {
  const { name, message, status } = seen(error);
  if (name === "ValidationException" && /too long|too many (?:input )?tokens|context window/i.test(message))
    return "too-long";
  if (name === "ModelErrorException" && /ToolUse|tool use/.test(message)) return "malformed";
  const { kind, retry, hint } = verdicts.get(name) ?? byStatus(status);
  return new ModelFault(kind, retry, `${hint ?? "Bedrock could not answer"} (${model}: ${name})`, {
    cause: error,
  });
};

/** Without a status, nothing has answered at all. */
const byStatus = (status: number | undefined): Verdict => {
  if (status === 429) return later("throttled");
  return status !== undefined && status >= 400 && status < 500
    ? never("Bedrock refused the request")
    : later("unavailable");
};

const seen = (error: unknown): { name: string; message: string; status: number | undefined } => {
  if (!(error instanceof Error)) return { name: typeof error, message: "", status: undefined };
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: $metadata?.httpStatusCode };
};
