/** What Bedrock's errors mean to whoever asked. Source: "Converse", "Errors", and "Troubleshooting tool calls". */
import { awsFault, errorName } from "../aws-faults.ts";
import type { Declined, ModelFault } from "../model.ts";

const credentials = "there are no AWS credentials that work: set AWS_PROFILE, or sign in again";

const hints = new Map<string, string>([
  ["ValidationException", "the request is invalid"],
  [
    "AccessDeniedException",
    "access is denied: allow bedrock:InvokeModel on the inference profile and its models",
  ],
  ["ResourceNotFoundException", "there is no such model or guardrail in this region"],
  ["CredentialsProviderError", credentials],
  ["TokenProviderError", credentials],
  ["ExpiredTokenException", credentials],
  ["UnrecognizedClientException", credentials],
  ["InvalidSignatureException", credentials],
  ["IncompleteSignatureException", credentials],
]);

/** Of a request that failed: a fault, or why the model has no answer. `model` is named to whoever mends it. */
export const meaningOf = (error: unknown, model: string): ModelFault | Declined["declined"] => {
  const name = errorName(error);
  const message = error instanceof Error ? error.message : "";
  if (name === "ValidationException" && /too long|too many (?:input )?tokens|context window/i.test(message))
    return "too-long";
  if (name === "ModelErrorException" && /ToolUse|tool use/.test(message)) return "malformed";
  return awsFault(`Bedrock's ${model}`, error, hints.get(name));
};
